-- Starts `ferrograph lsp` for Rust buffers and shows what it knows. Neovim 0.7.2 or newer.

local M = {}

local config = { cmd = { "ferrograph", "lsp" }, trust = false }
-- Ids of clients by root folder, for Neovim 0.7, which has no vim.lsp.start.
local started = {}

local function find_root(file)
  local folder = vim.fn.fnamemodify(file, ":p:h")
  local manifest = vim.fn.findfile("Cargo.toml", vim.fn.escape(folder, " ,;") .. ";")
  if manifest == "" then
    return nil
  end
  return vim.fn.fnamemodify(manifest, ":p:h")
end

local function client_options(root)
  local cmd = vim.list_extend({}, config.cmd)
  if config.trust then
    table.insert(cmd, "--trust")
  end
  return {
    name = "ferrograph",
    cmd = cmd,
    root_dir = root,
    init_options = { rendersImpact = true },
    capabilities = vim.lsp.protocol.make_client_capabilities(),
  }
end

--- Joins the current buffer to the daemon of its workspace.
function M.attach()
  local root = find_root(vim.api.nvim_buf_get_name(0))
  if root == nil then
    return
  end
  if vim.lsp.start ~= nil then
    vim.lsp.start(client_options(root))
    return
  end
  local id = started[root]
  if id == nil or vim.lsp.client_is_stopped(id) then
    id = vim.lsp.start_client(client_options(root))
    started[root] = id
  end
  if id ~= nil then
    vim.lsp.buf_attach_client(0, id)
  end
end

local function find_client()
  local list = vim.lsp.get_clients or vim.lsp.get_active_clients
  for _, client in pairs(list()) do
    if client.name == "ferrograph" then
      return client
    end
  end
  return nil
end

local function request(method, params, on_result)
  local client = find_client()
  if client == nil then
    vim.notify("ferrograph is not running for this buffer", vim.log.levels.ERROR)
    return
  end
  local handler = function(err, result)
    if err ~= nil then
      vim.notify("ferrograph: " .. err.message, vim.log.levels.ERROR)
    elseif result ~= nil then
      on_result(result)
    end
  end
  if vim.fn.has("nvim-0.11") == 1 then
    client:request(method, params, handler, 0)
  else
    client.request(method, params, handler, 0)
  end
end

local function show(lines, filetype)
  vim.cmd("new")
  vim.api.nvim_buf_set_lines(0, 0, -1, false, lines)
  vim.bo.buftype = "nofile"
  vim.bo.bufhidden = "wipe"
  vim.bo.swapfile = false
  vim.bo.modifiable = false
  vim.bo.filetype = filetype
end

local function path_from(root, file)
  if file:sub(1, #root + 1) == root .. "/" then
    return file:sub(#root + 2)
  end
  return file
end

-- Own requests name places relative to the root, in UTF-16 columns.
local function with_symbol(run)
  local file = vim.loop.fs_realpath(vim.api.nvim_buf_get_name(0)) or ""
  local position = vim.lsp.util.make_position_params(0, "utf-16").position
  request("rename-impact/status", vim.empty_dict(), function(status)
    local place = { path = path_from(status.root, file), line = position.line, column = position.character }
    run({ kind = "place", place = place })
  end)
end

local function execute(command, argument)
  request("workspace/executeCommand", { command = command, arguments = { argument } }, function(result)
    show(vim.split(result.markdown, "\n"), "markdown")
  end)
end

--- Shows everything that reaches the symbol at the cursor.
function M.impact()
  with_symbol(function(symbol)
    execute("ferrograph.server.impact", { symbol = symbol })
  end)
end

--- Shows what renaming the symbol at the cursor would do; changes nothing.
function M.preview(new_name)
  with_symbol(function(symbol)
    execute("ferrograph.server.renameImpact", { symbol = symbol, newName = new_name })
  end)
end

--- Shows what is captured.
function M.status()
  request("rename-impact/status", vim.empty_dict(), function(status)
    local keys = vim.tbl_keys(status)
    table.sort(keys)
    local lines = {}
    for _, key in ipairs(keys) do
      local value = status[key]
      local text = type(value) == "table" and vim.inspect(value, { newline = "", indent = "" })
        or tostring(value)
      table.insert(lines, key .. ": " .. text)
    end
    show(lines, "")
  end)
end

--- Runs `:Ferrograph SUBCOMMAND`.
function M.command(arguments)
  local name = arguments[1]
  if name == "impact" then
    M.impact()
  elseif name == "status" then
    M.status()
  elseif name == "preview" and arguments[2] ~= nil then
    M.preview(arguments[2])
  else
    vim.notify("usage: :Ferrograph impact | status | preview NEW_NAME", vim.log.levels.ERROR)
  end
end

--- Sets it all up; `cmd` is the command that starts the server, `trust` allows it to run cargo.
function M.setup(options)
  config = vim.tbl_extend("force", config, options or {})
  local group = vim.api.nvim_create_augroup("ferrograph", { clear = true })
  vim.api.nvim_create_autocmd("FileType", { group = group, pattern = "rust", callback = M.attach })
  vim.api.nvim_create_user_command("Ferrograph", function(call)
    M.command(call.fargs)
  end, {
    nargs = "+",
    complete = function()
      return { "impact", "preview", "status" }
    end,
  })
end

return M
