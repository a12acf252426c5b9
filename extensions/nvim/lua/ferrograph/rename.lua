-- Renames the symbol at the cursor: asks where there is a choice, then edits buffers, so that `u` takes it back.

local client = require("ferrograph.client")
local show = require("ferrograph.show")

local M = {}

local INTENTS = {
  { as = "item", text = "the item itself, everywhere" },
  { as = "import", text = "what this import calls it" },
  { as = "alias", text = "the import's alias" },
}

-- The edits of a plan as a workspace edit of LSP, in UTF-16 columns.
local function workspace_edit(plan, root)
  local by_path, changes = {}, {}
  for _, edit in ipairs(plan.edits) do
    if by_path[edit.path] == nil then
      by_path[edit.path] = {}
      -- 0: of whatever version the buffer is. Old versions of Neovim take no null, new ones need one or a number.
      local document = { uri = vim.uri_from_fname(root .. "/" .. edit.path), version = 0 }
      table.insert(changes, { textDocument = document, edits = by_path[edit.path] })
    end
    table.insert(by_path[edit.path], {
      range = {
        start = { line = edit.line, character = edit.column },
        ["end"] = { line = edit.endLine, character = edit.endColumn },
      },
      newText = edit.newText,
    })
  end
  for _, move in ipairs(plan.moves) do
    table.insert(changes, {
      kind = "rename",
      oldUri = vim.uri_from_fname(root .. "/" .. move.from),
      newUri = vim.uri_from_fname(root .. "/" .. move.to),
    })
  end
  return { documentChanges = changes }
end

local function apply(plan, root)
  vim.lsp.util.apply_workspace_edit(workspace_edit(plan, root), "utf-16")
  local proof = plan.proof.verdict == "proved" and ("proved over " .. plan.proof.tokens .. " tokens") or ""
  client.say(#plan.edits .. " edits in " .. plan.files .. " files; " .. proof .. "; `:wall` saves them")
end

-- What is in the way of a rename, as text.
local function obstacles(plan)
  local lines = { plan.symbol.path .. " is not renamed to " .. plan.newName, "" }
  for _, conflict in ipairs(plan.conflicts) do
    table.insert(lines, conflict.grade .. ": " .. conflict.message)
    for _, at in ipairs(conflict.at) do
      table.insert(lines, "  at " .. at.path .. ":" .. (at.line + 1) .. ":" .. (at.column + 1))
    end
    if conflict.advice ~= "" then
      table.insert(lines, "  " .. conflict.advice)
    end
  end
  for _, place in ipairs(plan.unproved) do
    local at = place.at
    local where = at.path .. ":" .. (at.line + 1) .. ":" .. (at.column + 1)
    table.insert(lines, "not decided: " .. where .. ": " .. place.reason)
  end
  return lines
end

local function missing(plan, accepted)
  for _, grade in ipairs(plan.needs) do
    if not vim.tbl_contains(accepted, grade) then
      return grade
    end
  end
  return nil
end

-- Why a grade needs a yes.
local function reasons(plan, grade)
  local found = {}
  for _, conflict in ipairs(plan.conflicts) do
    if conflict.grade == grade then
      table.insert(found, conflict.message)
    end
  end
  return table.concat(found, "; ")
end

local attempt

local function choose_intent(asked)
  vim.ui.select(INTENTS, {
    prompt = "What is to be called " .. asked.params.newName .. "?",
    kind = "ferrograph-as",
    format_item = function(item)
      return item.text
    end,
  }, function(choice)
    if choice ~= nil then
      asked.params.as = choice.as
      attempt(asked)
    end
  end)
end

local function choose_accept(asked, plan, grade)
  vim.ui.select({ "yes", "no" }, {
    prompt = "This rename " .. grade:gsub("-", " ") .. " (" .. reasons(plan, grade) .. "). Go on?",
    kind = "ferrograph-accept",
  }, function(choice)
    if choice == "yes" then
      table.insert(asked.params.accept, grade)
      attempt(asked)
    end
  end)
end

-- Each choice plans anew, so that what is applied is of the text as it is then.
attempt = function(asked)
  client.request("rename-impact", asked.params, function(result)
    local plan = result.plan
    local grade = missing(plan, asked.params.accept)
    if plan.applicable then
      apply(plan, asked.root)
    elseif grade ~= nil then
      choose_accept(asked, plan, grade)
    else
      show.lines(obstacles(plan), "ferrograph", "rename")
    end
  end, function(err)
    local code = type(err.data) == "table" and err.data.code or ""
    if code == "RENAME_ALIAS" and asked.params.as == nil then
      choose_intent(asked)
      return true
    end
    return false
  end)
end

--- Renames the symbol at the cursor.
function M.run(new_name)
  client.with_symbol(function(symbol, root)
    local params = { symbol = symbol, newName = new_name, planOnly = true, accept = {} }
    attempt({ params = params, root = root })
  end)
end

return M
