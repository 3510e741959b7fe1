-- Hands mod_callcenter's events to queue-statistics. For mod_lua (FreeSWITCH 1.10): put this file into scripts/, and
-- into autoload_configs/lua.conf.xml
--   <param name="startup-script" value="queue_statistics.lua"/>
-- The script runs within FreeSWITCH, so there is no socket over which events could be lost. While the database is away,
-- events wait here in their order; while an INSERT hangs, 100,000 more wait in FreeSWITCH's own queue.
-- docs/freeswitch.md says more.

local dsn = "pgsql://host=192.0.2.1 dbname=queue_statistics user=freeswitch password=... connect_timeout=5"

local events = freeswitch.EventConsumer("CUSTOM", "callcenter::info", 100000)
local waiting, first, last = {}, 1, 0
local dbh
local said = 0

local function insert(text)
  return dbh:query("insert into queue_statistics.freeswitch_events (event) values ('" .. text:gsub("'", "''") .. "')")
end

-- The characters of UTF-8 beyond ASCII.
local characters = {
  "^[\194-\223][\128-\191]",
  "^\224[\160-\191][\128-\191]",
  "^[\225-\236\238\239][\128-\191][\128-\191]",
  "^\237[\128-\159][\128-\191]",
  "^\240[\144-\191][\128-\191][\128-\191]",
  "^[\241-\243][\128-\191][\128-\191][\128-\191]",
  "^\244[\128-\143][\128-\191][\128-\191]",
}

-- The text with a ? for each byte that is not UTF-8; a phone may have sent such text.
local function as_utf8(text)
  return (text:gsub("[\128-\255]+", function(bytes)
    local parts, at = {}, 1
    while at <= #bytes do
      local part
      for _, character in ipairs(characters) do
        part = part or bytes:match(character, at)
      end
      parts[#parts + 1] = part or "?"
      at = at + #(part or "?")
    end
    return table.concat(parts)
  end))
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
    -- Only text that is not UTF-8 is an event's own fault. An INSERT that failed for another reason may be repeated at
    -- once (the connection may be back), and although it may have gone through: an event's number makes the event count
    -- once.
    if not (insert(waiting[first]) or insert(as_utf8(waiting[first]))) then
      dbh:release()
      break
    end
    waiting[first] = nil
    first = first + 1
  end
  if first <= last and os.time() >= said + 60 then
    said = os.time()
    freeswitch.consoleLog("err", "queue-statistics: the database takes no events; they wait\n")
  end
end
