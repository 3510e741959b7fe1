-- wrk -s queues.lua URL -- START END SEED [check]: asks for one period of a random queue of 200, in the published form
-- of the request, and ends with one line of figures for the harness (times in microseconds).

local threads = {}
function setup(thread)
  thread:set("number", #threads)
  thread:set("strange", 0)
  table.insert(threads, thread)
end

local requests = {}
function init(arguments)
  math.randomseed(tonumber(arguments[3]) * 1000 + number)
  for queue = 1, 200 do
    requests[queue] = wrk.format("GET", string.format(
      "/api/json/queues/destinations/statistics/get/?auth_username=bench;auth_password=bench;queue=%d;start=%s;end=%s",
      queue, arguments[1], arguments[2]))
  end
  if arguments[4] == "check" then  -- costs wrk too much to be done while it measures
    function response(status, headers, body)
      if status ~= 200 or headers["Content-Type"] ~= "application/json; charset=utf-8"
          or not body:find('^{"responses":%[{"code":"200"') then
        strange = strange + 1
      end
    end
  end
end

function request()
  return requests[math.random(200)]
end

function done(summary, latency)
  local e = summary.errors
  local strange = 0
  for _, thread in ipairs(threads) do
    strange = strange + thread:get("strange")
  end
  io.write(string.format("figures %d %d %d %d %d\n", summary.requests, summary.duration,
    e.connect + e.read + e.write + e.timeout + math.max(e.status, strange), latency:percentile(50),
    latency:percentile(99)))
end
