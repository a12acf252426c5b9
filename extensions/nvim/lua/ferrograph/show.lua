-- Buffers that show something: text, tables, and the tree of what reaches a symbol.

local M = {}

-- Where the lines of tree buffers lead to, by buffer.
local leads = {}

--- Opens a scratch buffer with lines in a window of its own.
function M.lines(lines, filetype, name)
  vim.cmd("new")
  local buffer = vim.api.nvim_get_current_buf()
  local flat = {}
  for _, line in ipairs(lines) do
    vim.list_extend(flat, vim.split(line, "\n"))
  end
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, flat)
  vim.bo[buffer].buftype = "nofile"
  vim.bo[buffer].bufhidden = "wipe"
  vim.bo[buffer].swapfile = false
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].filetype = filetype
  pcall(vim.api.nvim_buf_set_name, buffer, "ferrograph://" .. name .. "/" .. buffer)
  return buffer
end

--- Goes to a place of the workspace, in the window that was left.
function M.jump(root, place)
  local uri = vim.uri_from_fname(root .. "/" .. place.path)
  local position = { line = place.line, character = place.column }
  local location = { uri = uri, range = { start = position, ["end"] = position } }
  vim.cmd("wincmd p")
  if vim.lsp.util.show_document ~= nil then
    vim.lsp.util.show_document(location, "utf-16", { focus = true })
  else
    vim.lsp.util.jump_to_location(location, "utf-16")
  end
end

--- Goes where the line under the cursor leads.
function M.follow()
  local lead = leads[vim.api.nvim_get_current_buf()]
  local place = lead and lead.places[vim.api.nvim_win_get_cursor(0)[1]]
  if place ~= nil then
    M.jump(lead.root, place)
  end
end

local function module_of(path)
  return path:match("^(.*)::[^:]+$") or path
end

local function leaf_of(path)
  return path:match("::([^:]+)$") or path
end

-- Groups in the order in which they first come: those are nearest.
local function grouped(items, key_of)
  local order, groups = {}, {}
  for _, item in ipairs(items) do
    local key = key_of(item)
    if groups[key] == nil then
      groups[key] = {}
      table.insert(order, key)
    end
    table.insert(groups[key], item)
  end
  return order, groups
end

local function plural(number, word)
  return number .. " " .. word .. (number == 1 and "" or "s")
end

local function describe(reached)
  local words = { leaf_of(reached.symbol.path), reached.symbol.kind, reached.edge, "distance " .. reached.distance }
  if reached.isTest then
    table.insert(words, "test")
  end
  local at = reached.symbol.at
  if at ~= nil and at ~= vim.NIL then
    table.insert(words, at.path .. ":" .. (at.line + 1))
  end
  return table.concat(words, "  ")
end

--- The tree of an impact as lines, and the places that they lead to, by number of the line.
function M.tree_of(impact)
  local lines, places = {}, {}
  local function add(line, at)
    table.insert(lines, line)
    if at ~= nil and at ~= vim.NIL then
      places[#lines] = at
    end
  end
  local head = plural(#impact.reached, "symbol") .. " in " .. plural(#impact.crates, "crate") .. ", "
  add(impact.symbol.path .. ": " .. head .. plural(impact.tests, "test"), impact.symbol.at)
  if impact.undecided > 0 then
    add(plural(impact.undecided, "token") .. " could name it and are not decided")
  end
  local crates, by_crate = grouped(impact.reached, function(each)
    return each.symbol.crate
  end)
  for _, crate in ipairs(crates) do
    add(crate .. " (" .. #by_crate[crate] .. ")")
    local modules, by_module = grouped(by_crate[crate], function(each)
      return module_of(each.symbol.path)
    end)
    for _, module in ipairs(modules) do
      add("  " .. module)
      for _, reached in ipairs(by_module[module]) do
        add("    " .. describe(reached), reached.symbol.at)
      end
    end
  end
  return lines, places
end

--- What reaches a symbol: a tree that folds by crate and module, and the quickfix list.
function M.impact(impact, root)
  local lines, places = M.tree_of(impact)
  local items = {}
  for _, reached in ipairs(impact.reached) do
    local at = reached.symbol.at
    if at ~= nil and at ~= vim.NIL then
      table.insert(items, {
        filename = root .. "/" .. at.path,
        lnum = at.line + 1,
        col = at.column + 1,
        text = reached.symbol.path .. " (" .. reached.edge .. ", distance " .. reached.distance .. ")",
      })
    end
  end
  vim.fn.setqflist({}, " ", { title = "Impact of " .. impact.symbol.path, items = items })
  local buffer = M.lines(lines, "ferrograph", "impact")
  leads[buffer] = { root = root, places = places }
  vim.api.nvim_create_autocmd("BufWipeout", {
    buffer = buffer,
    callback = function()
      leads[buffer] = nil
    end,
  })
  vim.bo[buffer].shiftwidth = 2
  vim.wo.foldmethod = "indent"
  vim.wo.foldlevel = 2
  local map = { buffer = buffer, nowait = true }
  vim.keymap.set("n", "<CR>", M.follow, vim.tbl_extend("error", { desc = "Go there" }, map))
  vim.keymap.set("n", "q", "<Cmd>close<CR>", vim.tbl_extend("error", { desc = "Close" }, map))
end

local function cell(value)
  if value == nil or value == vim.NIL then
    return ""
  end
  local text = type(value) == "table" and vim.inspect(value, { newline = "", indent = "" }) or tostring(value)
  return (text:gsub("%s+", " "))
end

--- Rows under their columns.
function M.table(columns, rows, more)
  local names = vim.tbl_map(function(column)
    return column.name
  end, columns)
  local all = { names }
  for _, row in ipairs(rows) do
    local cells = {}
    for index = 1, #columns do
      cells[index] = cell(row[index])
    end
    table.insert(all, cells)
  end
  local widths = {}
  for _, cells in ipairs(all) do
    for index, text in ipairs(cells) do
      widths[index] = math.max(widths[index] or 0, vim.fn.strdisplaywidth(text))
    end
  end
  local lines = {}
  for _, cells in ipairs(all) do
    local padded = {}
    for index, text in ipairs(cells) do
      padded[index] = text .. string.rep(" ", widths[index] - vim.fn.strdisplaywidth(text))
    end
    table.insert(lines, (table.concat(padded, "  "):gsub("%s+$", "")))
  end
  table.insert(lines, 2, string.rep("-", math.max(1, #lines[1])))
  if more then
    table.insert(lines, "… and more: LIMIT and OFFSET choose")
  end
  M.lines(lines, "", "query")
end

return M
