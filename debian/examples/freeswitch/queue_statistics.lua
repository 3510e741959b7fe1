-- Hands mod_callcenter's events to queue-statistics. For mod_lua (FreeSWITCH 1.10): put it into scripts/, and into
-- autoload_configs/lua.conf.xml
--   <param name="startup-script" value="queue_statistics.lua"/>
-- It runs within FreeSWITCH, so there is no socket over which events could be lost. While the database is away the events
-- wait here, in their order, 100,000 of them more in FreeSWITCH's own queue while an INSERT hangs.
-- docs/freeswitch.md says more.

local dsn = "pgsql://host=192.0.2.1 dbname=queue_statistics user=freeswitch connect_timeout=5"

local events = freeswitch.EventConsumer("CUSTOM", "callcenter::info", 100000)
local waiting, first, last = {}, 1, 0
local dbh

local function insert(text)
  return dbh:query("insert into queue_statistics.freeswitch_events (event) values ('" .. text:gsub("'", "''") .. "')")
end

while true do
  local event = events:pop(1, first <= last and 1000 or 60000)
  while event do
    last = last + 1
    waiting[last] = event:serialize("json")
    event = events:pop(0)
  end
  if first <= last and not (dbh and dbh:connected()) then
    local connected, handle = pcall(freeswitch.Dbh, dsn)
    dbh = connected and handle or nil
  end
  while first <= last and dbh and dbh:connected() do
    local text = waiting[first]
    if not insert(text) then
      -- The event's own fault (say, text that is not UTF-8) if the database takes another one; it must not hold up the rest.
      if not insert("{}") then
        dbh:release()
        break
      end
      freeswitch.consoleLog("err", "queue-statistics: the database refuses an event, which is left out: " .. text .. "\n")
    end
    waiting[first] = nil
    first = first + 1
  end
end
