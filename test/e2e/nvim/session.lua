-- A session of a headless Neovim with the plugin: what `cases` does is written to a file as JSON, for the test
-- to look at. Variables of the environment say which files.

local results = { messages = {} }

vim.notify = function(text)
  table.insert(results.messages, text)
end

local function wait_for(what, condition)
  if not vim.wait(30000, condition, 20) then
    local said = vim.trim(vim.fn.execute("messages") .. "\n" .. table.concat(results.messages, "\n"))
    error("waited in vain for " .. what .. ": " .. said)
  end
end

local function lines()
  return vim.api.nvim_buf_get_lines(0, 0, -1, false)
end

local function cursor_on(needle)
  vim.fn.cursor(1, 1)
  if vim.fn.search("\\V" .. needle, "cW") == 0 then
    error("no " .. needle)
  end
end

local function ferrograph(...)
  local before = vim.api.nvim_get_current_buf()
  local messages = #results.messages
  vim.cmd("Ferrograph " .. table.concat({ ... }, " "))
  return before, messages
end

-- Runs a command that opens a buffer; answers with its lines.
local function shown(...)
  local before = ferrograph(...)
  wait_for("a buffer of " .. table.concat({ ... }, " "), function()
    return vim.api.nvim_get_current_buf() ~= before
  end)
  return lines()
end

local function read(path)
  return table.concat(vim.fn.readfile(path), "\n")
end

local function run()
  results.version = tostring(vim.version().major) .. "." .. vim.version().minor
  require("ferrograph").setup({ cmd = vim.fn.json_decode(vim.env.FERROGRAPH_CMD), trust = false })
  vim.cmd("edit shapes/src/lib.rs")
  vim.bo.filetype = "rust"
  local client = require("ferrograph.client")
  wait_for("the client", function()
    local found = client.find()
    return found ~= nil and found.server_capabilities ~= nil and found.initialized ~= false
  end)
  local source = vim.api.nvim_get_current_buf()

  cursor_on("scale(factor")
  results.impact = shown("impact")
  results.quickfix = vim.tbl_map(function(item)
    return { text = item.text, line = item.lnum, file = vim.fn.fnamemodify(vim.fn.bufname(item.bufnr), ":p:.") }
  end, vim.fn.getqflist())
  results.folds = { method = vim.wo.foldmethod, crate = vim.fn.foldlevel(4), symbol = vim.fn.foldlevel(5) }
  cursor_on("unit_circle")
  vim.cmd([[execute "normal \<CR>"]])
  wait_for("the jump", function()
    return vim.fn.expand("%:t") == "round.rs"
  end)
  results.jumped = { file = vim.fn.expand("%:t"), line = vim.fn.line("."), column = vim.fn.col(".") }
  vim.cmd("buffer " .. source)
  vim.cmd("only")

  results.query = shown("query", "SELECT", "name,", "kind", "FROM", "symbols", "WHERE", "name", "=", "'total'")
  vim.cmd("close")
  results.status = shown("status")
  vim.cmd("close")
  results.log = shown("log")
  vim.cmd("close")
  results.plan = shown("plan", vim.env.FERROGRAPH_PATCH)
  vim.cmd("close")
  cursor_on("scale(factor")
  results.preview = shown("preview", "rescale")
  vim.cmd("close")

  -- What cannot be renamed says why, in a buffer.
  cursor_on("scale(factor")
  results.obstacles = shown("rename", "total")
  vim.cmd("close")

  cursor_on("scale(factor")
  ferrograph("rename", "rescale")
  wait_for("the rename", function()
    return table.concat(lines(), "\n"):find("fn rescale") ~= nil
  end)
  results.renamed = {
    lib = table.concat(lines(), "\n"),
    main = table.concat(vim.api.nvim_buf_get_lines(vim.fn.bufadd("app/src/main.rs"), 0, -1, false), "\n"),
    disk = read("shapes/src/lib.rs"),
  }
  vim.cmd("undo")
  results.undone = table.concat(lines(), "\n")
  vim.cmd("silent! bufdo! edit!")
  vim.cmd("buffer " .. source)

  -- A choice, answered as a person would: an alias is renamed by its import.
  local asked = {}
  vim.ui.select = function(items, options, on_choice)
    table.insert(asked, options.kind)
    on_choice(options.kind == "ferrograph-as" and items[3] or items[1])
  end
  vim.cmd("edit! app/src/main.rs")
  vim.bo.filetype = "rust"
  wait_for("the buffer to be joined", function()
    return vim.lsp.buf_is_attached(0, client.find().id)
  end)
  vim.api.nvim_buf_set_lines(0, 1, 2, false, { "use shapes::{scale as grow, total, Rect};" })
  vim.cmd([[silent %s/scale(1/grow(1/]])
  cursor_on("grow,")
  ferrograph("rename", "bigger")
  wait_for("the rename of an alias", function()
    return table.concat(lines(), "\n"):find("bigger%(1") ~= nil
  end)
  results.alias = { asked = asked, text = table.concat(lines(), "\n") }

  results.complete = {
    commands = require("ferrograph.commands").complete("r", "Ferrograph r"),
    names = vim.fn.getcompletion("Ferrograph ", "cmdline"),
  }
  vim.cmd("edit! shapes/src/lib.rs")
  cursor_on("fn total")
  ferrograph("rename", "9")
  wait_for("the refusal", function()
    return #results.messages > 0 and results.messages[#results.messages]:find("9") ~= nil
  end)

  vim.cmd("checkhealth ferrograph")
  results.health = lines()
  vim.cmd("helptags " .. vim.fn.fnameescape(vim.env.FERROGRAPH_PLUGIN .. "/doc"))
  vim.cmd("help :Ferrograph")
  results.help = vim.fn.expand("%:t")
end

local ok, problem = xpcall(run, debug.traceback)
if not ok then
  results.problem = problem
end
vim.fn.writefile({ vim.fn.json_encode(results) }, vim.env.FERROGRAPH_RESULTS)
vim.cmd("qall!")
