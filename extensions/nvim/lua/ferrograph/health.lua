-- `:checkhealth ferrograph`.

local client = require("ferrograph.client")

local M = {}

local health = vim.health or require("health")
local start = health.start or health.report_start
local ok = health.ok or health.report_ok
local warn = health.warn or health.report_warn
local fail = health.error or health.report_error

local function check_version()
  if vim.fn.has("nvim-0.7.2") == 0 then
    fail("Neovim is older than 0.7.2")
  elseif vim.lsp.config ~= nil then
    ok("Neovim starts servers by vim.lsp.config")
  elseif vim.lsp.start ~= nil then
    ok("Neovim starts servers by vim.lsp.start")
  else
    ok("Neovim starts servers by vim.lsp.start_client")
  end
end

local function check_command()
  local cmd = client.command_line()
  if vim.fn.executable(cmd[1]) == 0 then
    fail(cmd[1] .. " is not on the PATH", { "npm install -g ferrograph", 'or setup({ cmd = { "node", "…/main.js", "lsp" } })' })
    return
  end
  local version = {}
  for _, word in ipairs(cmd) do
    if word == "lsp" then
      break
    end
    table.insert(version, word)
  end
  local said = vim.fn.system(vim.list_extend(version, { "--version" }))
  if vim.v.shell_error == 0 then
    ok(vim.trim(said) .. " answers (" .. table.concat(cmd, " ") .. ")")
  else
    fail("`" .. table.concat(version, " ") .. "` fails: " .. vim.trim(said))
  end
end

local function check_client()
  if client.find() == nil then
    warn("no buffer is joined to a workspace", { "open a Rust file of a Cargo workspace, then check again" })
  else
    ok("joined to the daemon of " .. tostring(client.find().config.root_dir))
  end
end

local function check_tools()
  for _, tool in ipairs({ "cargo", "git" }) do
    if vim.fn.executable(tool) == 1 then
      ok(tool .. " is on the PATH")
    else
      warn(tool .. " is not on the PATH: plans cannot be validated")
    end
  end
end

--- Checks what is needed and says what to do.
function M.check()
  start("ferrograph")
  check_version()
  check_command()
  check_tools()
  check_client()
end

return M
