-- The LSP client: how it is started in this version of Neovim, and how it is asked.

local M = {}

local config = { cmd = { "ferrograph", "lsp" }, trust = false }
-- Ids of clients by root folder, for versions that do not keep them themselves.
local started = {}
-- Roots of workspaces as daemons name them, by client id.
local roots = {}

--- Reads a file that may be missing.
local function read(path)
  local file = io.open(path, "r")
  if file == nil then
    return ""
  end
  local text = file:read("*a")
  file:close()
  return text
end

--- The workspace around a file: the farthest manifest that declares one, else the nearest manifest.
function M.find_root(file)
  local folder = vim.fn.fnamemodify(file, ":p:h")
  local nearest, workspace
  local previous
  while folder ~= previous do
    local text = read(folder .. "/Cargo.toml")
    if text ~= "" then
      nearest = nearest or folder
      if ("\n" .. text):find("\n%s*%[workspace[%].]") ~= nil then
        workspace = folder
      end
    end
    previous = folder
    folder = vim.fn.fnamemodify(folder, ":h")
  end
  return workspace or nearest
end

--- The command that starts the server, with what the settings add.
function M.command_line()
  local cmd = vim.list_extend({}, config.cmd)
  if config.trust then
    table.insert(cmd, "--trust")
  end
  if config.memory_mib ~= nil then
    vim.list_extend(cmd, { "--memory", tostring(config.memory_mib) })
  end
  if config.idle_seconds ~= nil then
    vim.list_extend(cmd, { "--idle", tostring(config.idle_seconds) })
  end
  return cmd
end

-- A place is asked about in the text as it is: nothing that was typed may wait to be sent.
local FLAGS = { debounce_text_changes = 0 }

local function client_options(root)
  return {
    flags = FLAGS,
    name = "ferrograph",
    cmd = M.command_line(),
    cmd_cwd = root,
    root_dir = root,
    init_options = { rendersImpact = true },
    capabilities = vim.lsp.protocol.make_client_capabilities(),
  }
end

--- Joins the current buffer to the daemon of its workspace.
function M.attach()
  local name = vim.api.nvim_buf_get_name(0)
  local root = name ~= "" and M.find_root(name) or nil
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

--- Takes the settings, and has buffers joined from now on.
function M.configure(options)
  config = vim.tbl_extend("force", config, options)
  if vim.lsp.config ~= nil and vim.lsp.enable ~= nil then
    vim.lsp.config("ferrograph", {
      cmd = M.command_line(),
      filetypes = { "rust" },
      flags = FLAGS,
      init_options = { rendersImpact = true },
      root_dir = function(buffer, on_dir)
        local root = M.find_root(vim.api.nvim_buf_get_name(buffer))
        if root ~= nil then
          on_dir(root)
        end
      end,
    })
    vim.lsp.enable("ferrograph")
    return
  end
  local group = vim.api.nvim_create_augroup("ferrograph", { clear = true })
  vim.api.nvim_create_autocmd("FileType", { group = group, pattern = "rust", callback = M.attach })
end

--- The client of the current buffer, or any.
function M.find()
  local list = vim.lsp.get_clients or vim.lsp.get_active_clients
  local found
  for _, client in pairs(list()) do
    if client.name == "ferrograph" then
      local attached = client.attached_buffers
      local buffers = attached ~= nil and vim.tbl_keys(attached) or vim.lsp.get_buffers_by_client_id(client.id)
      if vim.tbl_contains(buffers, vim.api.nvim_get_current_buf()) then
        return client
      end
      found = client
    end
  end
  return found
end

--- Says something to the user.
function M.say(text, level)
  vim.notify("ferrograph: " .. text, level or vim.log.levels.INFO)
end

local function complain(err)
  local data = type(err.data) == "table" and err.data or {}
  local text = err.message
  if type(data.advice) == "string" and data.advice ~= "" and not text:find(data.advice, 1, true) then
    text = text .. " (" .. data.advice .. ")"
  end
  if type(data.candidates) == "table" and #data.candidates > 0 then
    text = text .. "; did you mean " .. table.concat(data.candidates, ", ") .. "?"
  end
  M.say(text, vim.log.levels.ERROR)
end

--- Asks; `on_error` may deal with an error and then answers true.
function M.request(method, params, on_result, on_error)
  local client = M.find()
  if client == nil then
    M.say("not running for this buffer: open a Rust file of a Cargo workspace", vim.log.levels.ERROR)
    return
  end
  if next(params) == nil then
    params = vim.empty_dict()
  end
  local handler = function(err, result)
    if err ~= nil then
      if on_error == nil or not on_error(err) then
        complain(err)
      end
    elseif result ~= nil then
      on_result(result, client)
    end
  end
  -- By its number: what was just typed in it is sent first.
  local buffer = vim.api.nvim_get_current_buf()
  if vim.fn.has("nvim-0.11") == 1 then
    client:request(method, params, handler, buffer)
  else
    client.request(method, params, handler, buffer)
  end
end

--- Asks for the root of the workspace as the daemon names it.
function M.with_root(run)
  local client = M.find()
  if client ~= nil and roots[client.id] ~= nil then
    run(roots[client.id])
    return
  end
  M.request("rename-impact/status", {}, function(status, asked)
    roots[asked.id] = status.root
    run(status.root)
  end)
end

--- Names the symbol at the cursor as own requests do: a path relative to the root, a column in UTF-16.
function M.with_symbol(run)
  local asked = M.find()
  if asked ~= nil and not vim.lsp.buf_is_attached(0, asked.id) then
    M.say("this buffer is not joined to a workspace (yet): its text is not known", vim.log.levels.ERROR)
    return
  end
  local name = vim.api.nvim_buf_get_name(0)
  local uv = vim.uv or vim.loop
  local file = uv.fs_realpath(name) or name
  local position = vim.lsp.util.make_position_params(0, "utf-16").position
  M.with_root(function(root)
    local path = file
    if file:sub(1, #root + 1) == root .. "/" then
      path = file:sub(#root + 2)
    end
    run({ kind = "place", place = { path = path, line = position.line, column = position.character } }, root)
  end)
end

return M
