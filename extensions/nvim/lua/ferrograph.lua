-- Starts `ferrograph lsp` for Rust buffers, and `:Ferrograph`. Neovim 0.7.2 or newer. See :help ferrograph.

local client = require("ferrograph.client")
local commands = require("ferrograph.commands")

local M = {}

--- Joins the current buffer to the daemon of its workspace.
M.attach = client.attach

--- Runs `:Ferrograph SUBCOMMAND …`.
M.command = commands.run

--- Sets it all up. `cmd` is the command that starts the server, `trust` allows it to run cargo, `memory_mib` and
--- `idle_seconds` bound the daemon.
function M.setup(options)
  client.configure(options or {})
  vim.api.nvim_create_user_command("Ferrograph", function(call)
    commands.run(call.fargs)
  end, { nargs = "+", complete = commands.complete, desc = "The code graph of a Rust workspace" })
end

return M
