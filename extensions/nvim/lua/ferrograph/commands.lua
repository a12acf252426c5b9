-- The subcommands of `:Ferrograph`.

local client = require("ferrograph.client")
local rename = require("ferrograph.rename")
local show = require("ferrograph.show")

local M = {}

local function ask_name(name, run)
  if name ~= nil then
    run(name)
    return
  end
  vim.ui.input({ prompt = "New name: ", default = vim.fn.expand("<cword>") }, function(given)
    if given ~= nil and given ~= "" then
      run(given)
    end
  end)
end

local function when(milliseconds)
  return os.date("%Y-%m-%d %H:%M", math.floor(milliseconds / 1000))
end

local function describe_operation(operation)
  local id = operation.opId:sub(1, 8)
  return table.concat({ id, when(operation.endedMs), operation.result, operation.description }, "  ")
end

local function roll_back(id)
  client.request("rename-impact/rollback", { opId = id }, function(result)
    vim.cmd("checktime")
    client.say("undid " .. result.undone:sub(1, 8) .. " (" .. result.how .. ")")
  end)
end

local function read_file(path)
  local file, problem = io.open(vim.fn.fnamemodify(path, ":p"), "r")
  if file == nil then
    client.say(problem, vim.log.levels.ERROR)
    return nil
  end
  local text = file:read("*a")
  file:close()
  return text
end

local function describe_plan(result)
  local plan = result.plan
  local lines = { "# risk " .. plan.risk.score .. " (" .. plan.risk.level .. "), fingerprint " .. plan.fingerprint }
  for _, operation in ipairs(plan.operations) do
    table.insert(lines, "# " .. operation.description)
  end
  table.insert(lines, "")
  return vim.list_extend(lines, vim.split(result.diff, "\n"))
end

local SUBCOMMANDS = {
  impact = function()
    client.with_symbol(function(symbol, root)
      client.request("rename-impact/impact", { symbol = symbol }, function(impact)
        show.impact(impact, root)
      end)
    end)
  end,
  rename = function(arguments)
    ask_name(arguments[1], rename.run)
  end,
  preview = function(arguments)
    ask_name(arguments[1], function(name)
      client.with_symbol(function(symbol)
        local argument = { symbol = symbol, newName = name }
        local params = { command = "ferrograph.server.renameImpact", arguments = { argument } }
        client.request("workspace/executeCommand", params, function(result)
          show.lines(vim.split(result.markdown, "\n"), "markdown", "preview")
        end)
      end)
    end)
  end,
  query = function(arguments)
    local sql = table.concat(arguments, " ")
    if sql == "" then
      client.say("usage: :Ferrograph query SQL", vim.log.levels.ERROR)
      return
    end
    client.request("rename-impact/query", { sql = sql }, function(result)
      show.table(result.columns, result.rows, result.next ~= nil)
      if result.next ~= nil then
        client.request("rename-impact/query-next", { cursor = result.next, close = true }, function() end)
      end
    end)
  end,
  status = function()
    client.request("rename-impact/status", {}, function(status)
      local keys = vim.tbl_keys(status)
      table.sort(keys)
      local lines = vim.tbl_map(function(key)
        local value = status[key]
        local text = type(value) == "table" and vim.inspect(value, { newline = "", indent = "" }) or tostring(value)
        return key .. ": " .. text
      end, keys)
      show.lines(lines, "", "status")
    end)
  end,
  plan = function(arguments)
    local patch = arguments[1] ~= nil and read_file(arguments[1]) or nil
    if arguments[1] == nil then
      client.say("usage: :Ferrograph plan PATCH.json", vim.log.levels.ERROR)
    elseif patch ~= nil then
      client.request("rename-impact/plan", { patch = patch }, function(result)
        show.lines(describe_plan(result), "diff", "plan")
      end)
    end
  end,
  log = function()
    client.request("rename-impact/log", { limit = 50 }, function(result)
      local lines = vim.tbl_map(describe_operation, result.operations)
      show.lines(#lines > 0 and lines or { "nothing was done yet" }, "", "log")
    end)
  end,
  rollback = function(arguments)
    if arguments[1] ~= nil then
      roll_back(arguments[1])
      return
    end
    client.request("rename-impact/log", { limit = 50 }, function(result)
      local done = vim.tbl_filter(function(operation)
        return operation.result == "applied"
      end, result.operations)
      if #done == 0 then
        client.say("there is nothing to undo")
        return
      end
      vim.ui.select(done, {
        prompt = "Undo which operation?",
        kind = "ferrograph-operation",
        format_item = describe_operation,
      }, function(choice)
        if choice ~= nil then
          roll_back(choice.opId)
        end
      end)
    end)
  end,
}

--- Names of the subcommands, in order.
function M.names()
  local names = vim.tbl_keys(SUBCOMMANDS)
  table.sort(names)
  return names
end

--- Runs one subcommand with its arguments.
function M.run(arguments)
  local run = SUBCOMMANDS[arguments[1]]
  if run == nil then
    client.say("usage: :Ferrograph " .. table.concat(M.names(), " | "), vim.log.levels.ERROR)
    return
  end
  run(vim.list_slice(arguments, 2))
end

--- Completes a command line.
function M.complete(lead, line)
  local words = vim.split(line, "%s+")
  local candidates = {}
  if #words <= 2 then
    candidates = M.names()
  elseif words[2] == "plan" then
    return vim.fn.getcompletion(lead, "file")
  elseif words[2] == "rename" or words[2] == "preview" then
    candidates = { vim.fn.expand("<cword>") }
  elseif words[2] == "query" then
    candidates = { "SELECT", "symbols", "edges", "files", "types", "tests", "packages" }
  end
  return vim.tbl_filter(function(candidate)
    return candidate ~= "" and candidate:sub(1, #lead) == lead
  end, candidates)
end

return M
