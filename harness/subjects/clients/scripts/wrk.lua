-- wrk as a quiet client: it asks this before each request how many milliseconds to wait first. After the last one it
-- waits for ever.
local requests, gap, last_says_close
local sent = -1 -- it rehearses request() once before the first

function init(arguments)
   requests, gap = tonumber(arguments[1]), tonumber(arguments[2])
   wrk.method = arguments[3]
   last_says_close = arguments[4] == "close"
end

function delay()
   if sent == 0 then return 0 end
   return sent < requests and gap or 2 ^ 31
end

function request()
   sent = sent + 1
   local headers = sent == requests and last_says_close and { Connection = "close" } or nil
   return wrk.format(nil, nil, headers)
end
