-- freeswitch_stand_in.lua SCRIPT CALLS: a stand-in for what FreeSWITCH 1.10's mod_lua gives a script, no FreeSWITCH. Runs SCRIPT
-- with events of so many calls, as mod_callcenter sends them, and ends when it waits for more.
local luasql = require("luasql.postgres").postgres()
local script, calls = arg[1], tonumber(arg[2])
local lost, away = 0, 0

local function json(headers)
  local parts = {}
  for name, value in pairs(headers) do
    parts[#parts + 1] = string.format('"%s":"%s"', name, value)
  end
  return "{" .. table.concat(parts, ",") .. "}"
end

local sent = {}
local function send(action, i, at, headers)
  headers["Event-Name"], headers["Event-Subclass"] = "CUSTOM", "callcenter::info"
  headers["Event-Date-Timestamp"] = string.format("%d000000", at)
  headers["CC-Action"], headers["CC-Queue"], headers["CC-Member-UUID"] = action, "support@default", "member-" .. i
  headers["CC-Member-CID-Name"] = headers["CC-Member-CID-Name"] or "O'Brien \\\\ \195\188"
  sent[#sent + 1] = json(headers)
end

for i = 0, calls - 1 do
  local at = 1700000000 + 10 * i
  send("member-queue-start", i, at, {})
  send("agent-offering", i, at + 1, { ["CC-Agent"] = "1001@default" })
  send("bridge-agent-fail", i, at + 4, {
    ["CC-Agent"] = "1001@default", ["CC-Agent-Called-Time"] = at + 1, ["CC-Agent-Aborted-Time"] = at + 4,
    ["CC-Hangup-Cause"] = "NO_ANSWER" })
  send("bridge-agent-start", i, at + 7, {
    ["CC-Agent"] = "1002@default", ["CC-Agent-Called-Time"] = at + 5, ["CC-Agent-Answered-Time"] = at + 7,
    ["CC-Member-Joined-Time"] = at })
  if i == 10 then -- a caller's name in Latin-1
    send("member-queue-start", "broken", at, { ["CC-Member-CID-Name"] = "M\252ller" })
  end
  send("bridge-agent-end", i, at + 9, {
    ["CC-Agent"] = "1002@default", ["CC-Agent-Called-Time"] = at + 5, ["CC-Agent-Answered-Time"] = at + 7,
    ["CC-Member-Joined-Time"] = at, ["CC-Bridge-Terminated-Time"] = at + 9 })
  send("member-queue-end", i, at + 9, { ["CC-Cause"] = "Terminated" })
end

local no_more = {}
freeswitch = {}
function freeswitch.EventConsumer(name, subclass, length)
  assert(name == "CUSTOM" and subclass == "callcenter::info" and length > 0)
  local popped, paused = 0, false
  return {
    pop = function(_, blocking, timeout)
      -- Now and then none is there yet, so that the script comes to its inserts.
      paused = not paused and popped % 700 == 699 and blocking == 0
      if paused then return nil end
      popped = popped + 1
      local text = sent[popped]
      if text then
        return { serialize = function(_, format) assert(format == "json") return text end }
      end
      if blocking == 1 and timeout == 60000 then error(no_more) end
    end,
  }
end

local inserts = 0
function freeswitch.Dbh(dsn)
  if away < 3 and lost > away then -- not back at once
    away = away + 1
    error("DBH NOT Connected")
  end
  local connection = luasql:connect(dsn:gsub("^pgsql://", ""), "freeswitch")
  return {
    connected = function() return connection ~= nil end,
    query = function(_, statement)
      inserts = inserts + 1
      if lost < 3 and inserts % 500 == 0 then -- before the statement, and until the handle is given back
        lost = lost + 1
        connection:close()
        return false
      end
      local ok, result = pcall(connection.execute, connection, statement)
      return ok and result ~= nil
    end,
    release = function()
      connection:close()
      connection = nil
      return true
    end,
  }
end
function freeswitch.consoleLog(_, text) io.write(text) end

local ok, problem = pcall(dofile, script)
print(string.format("lost %d times, away %d times", lost, away))
if not ok and problem ~= no_more then
  print(problem)
  os.exit(1)
end
