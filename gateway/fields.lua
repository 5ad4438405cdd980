-- Refuses a JSON body with a field that its message does not have, and says which. Envoy's transcoder would drop it.
-- MESSAGES: message name -> field name -> the field's message, {map = message}, or 0 for a value with no fields of ours.
-- ROUTES: a tree of path segments, "*" for a variable; a leaf maps an HTTP method to the message of its body.
-- Bodies that are not JSON at all pass: the transcoder explains those itself.

local find, sub, byte = string.find, string.sub, string.byte
local MAX_DEPTH = 64

local parse_value

local function skip_space(text, at)
  return find(text, "[^ \t\r\n]", at) or error("end")
end

-- The position after a string that starts at `at`.
local function skip_string(text, at)
  local here = at + 1
  while true do
    here = find(text, '["\\]', here) or error("end")
    if byte(text, here) == 34 then return here + 1 end
    here = here + 2
  end
end

local function parse_list(text, at, kind, path, depth)
  local here, index = skip_space(text, at + 1), 0
  if byte(text, here) == 93 then return here + 1 end
  while true do
    local unknown
    here, unknown = parse_value(text, here, kind, path .. "[" .. index .. "]", depth)
    if unknown then return nil, unknown end
    here, index = skip_space(text, here), index + 1
    if byte(text, here) == 93 then return here + 1 end
    if byte(text, here) ~= 44 then error("list") end
    here = skip_space(text, here + 1)
  end
end

local function kind_of(fields, kind, name)
  if type(kind) == "table" then return kind.map end
  return fields and fields[name]
end

local function parse_object(text, at, kind, path, depth)
  local fields = type(kind) == "string" and MESSAGES[kind] or nil
  local here = skip_space(text, at + 1)
  if byte(text, here) == 125 then return here + 1 end
  while true do
    if byte(text, here) ~= 34 then error("key") end
    local stop = skip_string(text, here)
    local name = sub(text, here + 1, stop - 2)
    local full = path == "" and name or path .. "." .. name
    local inner = kind_of(fields, kind, name)
    if fields and inner == nil then return nil, full end
    here = skip_space(text, stop)
    if byte(text, here) ~= 58 then error("colon") end
    local unknown
    here, unknown = parse_value(text, skip_space(text, here + 1), inner, full, depth)
    if unknown then return nil, unknown end
    here = skip_space(text, here)
    if byte(text, here) == 125 then return here + 1 end
    if byte(text, here) ~= 44 then error("object") end
    here = skip_space(text, here + 1)
  end
end

-- Returns the position after the value, or nil and the path of the first unknown field.
parse_value = function(text, at, kind, path, depth)
  if depth > MAX_DEPTH then error("depth") end
  local first = byte(text, at)
  if first == 123 then return parse_object(text, at, kind, path, depth + 1) end
  if first == 91 then return parse_list(text, at, kind, path, depth + 1) end
  if first == 34 then return skip_string(text, at) end
  return find(text, "[,%]} \t\r\n]", at) or #text + 1
end

local function step(node, segment)
  return node and (node[segment] or node["*"])
end

local function body_message(method, path)
  local node = ROUTES
  for segment in string.gmatch(path, "[^/]+") do
    local name, verb = string.match(segment, "^(.*)(:[^:]*)$")
    local next_node = node[segment]
    if not next_node and verb then
      next_node = step(node, name)
      next_node = next_node and next_node[verb]
    end
    node = next_node or node["*"]
    if not node then return nil end
  end
  return node["="] and node["="][method]
end

function envoy_on_request(handle)
  local headers = handle:headers()
  local content_type = headers:get("content-type") or ""
  if sub(content_type, 1, 16) == "application/grpc" then return end
  local path = string.match(headers:get(":path") or "", "^[^?]*")
  local message = body_message(headers:get(":method"), path)
  if not message then return end
  local body = handle:body()
  if not body or body:length() == 0 then return end
  local text = body:getBytes(0, body:length())
  local parsed, _, unknown = pcall(function()
    return parse_value(text, skip_space(text, 1), message, "", 0)
  end)
  if parsed and unknown then
    handle:streamInfo():dynamicMetadata():set("skillsync", "field", unknown)
    handle:respond({[":status"] = "400"}, unknown .. ": this field does not exist.")
  end
end
