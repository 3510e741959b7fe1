-- freeswitch_stand_in.lua SCRIPT PORT: a stand-in for the API that mod_lua of FreeSWITCH 1.10 gives to a script. Its
-- EventConsumer gets the events from an event socket on 127.0.0.1:PORT (tests/events/event_socket.py), its Dbh uses a
-- real PostgreSQL. Runs SCRIPT, and ends when the socket is closed and the script waits for more events.
local luasql = require("luasql.postgres").postgres()
local socket = require("socket")
local script, port = arg[1], tonumber(arg[2])

local function url_decoded(text)
  return (text:gsub("%%(%x%x)", function(byte) return string.char(tonumber(byte, 16)) end))
end

local function json(headers)
  local function quoted(text)
    return '"' .. text:gsub('[%c"\\]', function(c) return string.format("\\u%04x", c:byte()) end) .. '"'
  end
  local parts = {}
  for name, value in pairs(headers) do
    parts[#parts + 1] = quoted(name) .. ":" .. quoted(value)
  end
  return "{" .. table.concat(parts, ",") .. "}"
end

-- Returns the headers at the beginning of text as a table, and the text behind the empty line that ends them. Returns
-- nil while the empty line is missing.
local function headers_of(text)
  local last = text:find("\n\n", 1, true)
  if not last then return nil end
  local headers = {}
  for name, value in text:sub(1, last):gmatch("([^:\n]+): ([^\n]*)\n") do
    headers[name] = value
  end
  return headers, text:sub(last + 2)
end

-- The client's side of the protocol. next(seconds) returns the headers and the body of a message, or nil when none came
-- in time.
local function event_socket()
  local connection = assert(socket.connect("127.0.0.1", port))
  connection:settimeout(0) -- receive() returns what is there, and never waits
  local received = ""
  local self = { closed = false }
  function self.next(seconds)
    local until_when = socket.gettime() + seconds
    while true do
      local headers, rest = headers_of(received)
      local length = headers and tonumber(headers["Content-Length"] or 0)
      if headers and #rest >= length then
        received = rest:sub(length + 1)
        return headers, rest:sub(1, length)
      elseif self.closed then
        return nil
      end
      local readable = socket.select({ connection }, nil, math.max(0, until_when - socket.gettime()))
      if not readable[connection] then return nil end
      local all, problem, part = connection:receive(16384)
      received = received .. (all or part)
      self.closed = problem == "closed"
    end
  end
  function self.command(text, expected)
    connection:send(text .. "\n\n")
    local reply = self.next(10)
    local is_reply = reply and reply["Content-Type"] == "command/reply"
    assert(is_reply and reply["Reply-Text"] == expected, "not accepted: " .. text)
  end
  local greeting = self.next(10)
  assert(greeting and greeting["Content-Type"] == "auth/request")
  self.command("auth ClueCon", "+OK accepted")
  return self
end

local no_more = {}
freeswitch = {}
function freeswitch.EventConsumer(name, subclass, length)
  assert(name == "CUSTOM" and subclass == "callcenter::info" and length > 0)
  local events = event_socket()
  events.command("event plain " .. name .. " " .. subclass, "+OK event listener enabled plain")
  return {
    pop = function(_, blocking, timeout)
      local message, body = events.next(blocking == 1 and timeout / 1000 or 0)
      if message and message["Content-Type"] == "text/event-plain" then
        local headers = headers_of(body)
        for header, value in pairs(headers) do
          headers[header] = url_decoded(value)
        end
        return { serialize = function(_, format) assert(format == "json") return json(headers) end }
      elseif events.closed and blocking == 1 then
        if timeout == 60000 then error(no_more) end
        socket.sleep(0.1)
      end
    end,
  }
end

function freeswitch.Dbh(dsn)
  local function connect()
    return luasql:connect(dsn:gsub("^pgsql://", ""), "freeswitch")
  end
  local connection = connect()
  if not connection then
    print("no connection")
    error("DBH NOT Connected")
  end
  local function execute(statement)
    local ok, result = pcall(connection.execute, connection, statement)
    return ok and result ~= nil
  end
  return {
    connected = function() return connection ~= nil end, -- true until the handle is released
    -- Like mod_pgsql: query() makes a lost connection again, but does not repeat the statement.
    query = function(_, statement)
      if execute(statement) then return true end
      if not execute("select 1") then
        local again = connect()
        print(again and "connected again" or "still no connection")
        connection = again or connection
      end
      return false
    end,
    release = function()
      print("connection released")
      connection:close()
      connection = nil
      return true
    end,
  }
end
function freeswitch.consoleLog(_, text) io.write(text) end

local ok, problem = pcall(dofile, script)
if not ok and problem ~= no_more then
  print(problem)
  os.exit(1)
end
