-- Redis's clock, and numbers with every digit.
local function now()
  local time = call('TIME')
  return time[1] + time[2] / 1e6
end

-- Scores need every digit: Lua's own tostring keeps 14.
local function exact(number)
  return string.format('%.17g', number)
end
