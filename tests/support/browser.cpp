#include "support/browser.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <opencv2/imgcodecs.hpp>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <vector>

#include "base/names.h"

namespace smalti::test {
namespace {

using nlohmann::json;

sockaddr_in local_address(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

class Socket {
 public:
  Socket() : handle_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  ~Socket() { ::close(handle_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int get() const { return handle_; }

 private:
  int handle_;
};

int free_port() {
  const Socket socket;
  sockaddr_in address = local_address(0);
  socklen_t size = sizeof(address);
  if (::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("no port is free");
  return ntohs(address.sin_port);
}

constexpr std::string_view kHeadEnd = "\r\n\r\n";

// How long an HTTP answer will be, as far as what has come of it tells.
std::size_t whole_length(const std::string& answer) {
  constexpr std::string_view kLength = "content-length:";
  const std::size_t head = answer.find(kHeadEnd);
  if (head == std::string::npos) return std::string::npos;
  const std::string names = lower_case(answer.substr(0, head));
  const std::size_t at = names.find(kLength);
  if (at == std::string::npos) return std::string::npos;
  return head + kHeadEnd.size() + std::stoul(names.substr(at + kLength.size()));
}

// The body of an HTTP answer; empty when nobody listens.
std::string http(int port, const std::string& request) {
  const Socket socket;
  const sockaddr_in address = local_address(port);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
    return {};
  for (std::size_t sent = 0; sent < request.size();) {
    const ssize_t count = ::send(socket.get(), request.data() + sent, request.size() - sent, 0);
    if (count <= 0) return {};
    sent += static_cast<std::size_t>(count);
  }
  // The driver keeps connections open, whatever is asked of it.
  std::string answer;
  std::array<char, 65536> buffer;
  while (answer.size() < whole_length(answer)) {
    const ssize_t count = ::recv(socket.get(), buffer.data(), buffer.size(), 0);
    if (count <= 0) break;
    answer.append(buffer.data(), static_cast<std::size_t>(count));
  }
  const std::size_t body = answer.find(kHeadEnd);
  return body == std::string::npos ? std::string() : answer.substr(body + kHeadEnd.size());
}

std::vector<std::uint8_t> from_base64(const std::string& text) {
  const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::vector<std::uint8_t> bytes;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const std::size_t digit = digits.find(c);
    if (digit == std::string::npos) break;
    bits = bits << 6 | static_cast<unsigned>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<std::uint8_t>(bits >> count));
  }
  return bytes;
}

json move_to(double x, double y, int ms = 0) {
  return {{"type", "pointerMove"}, {"x", std::lround(x)}, {"y", std::lround(y)}, {"duration", ms}};
}
const json kDown = {{"type", "pointerDown"}, {"button", 0}};
const json kUp = {{"type", "pointerUp"}, {"button", 0}};

json source(const char* type, const char* id, const std::vector<json>& actions) {
  json source = {{"type", type}, {"id", id}};
  source["actions"] = actions;
  return source;
}

json pointer(const char* kind, const char* id, const std::vector<json>& actions) {
  json pointer = source("pointer", id, actions);
  pointer["parameters"]["pointerType"] = kind;
  return pointer;
}

}  // namespace

Browser::Browser(const std::filesystem::path& page, const Looks& looks)
    : looks_(looks),
      port_(free_port()),
      driver_({"chromedriver", fmt::format("--port={}", port_)}) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (
      http(port_, "GET /status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").empty()) {
    if (std::chrono::steady_clock::now() > deadline)
      throw std::runtime_error("chromedriver does not start: is it installed?");
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  start_session(looks);
  ask_session("/url", {{"url", "file://" + page.string()}});
}

void Browser::start_session(const Looks& looks) {
  const json options = {
      {"args",
       {"--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--no-first-run", "--hide-scrollbars", "--force-color-profile=srgb"}}};
  const json answer =
      ask("POST", "/session",
          {{"capabilities",
            {{"alwaysMatch",
              {{"goog:chromeOptions", options}, {"goog:loggingPrefs", {{"browser", "ALL"}}}}}}}});
  session_ = "/session/" + answer.at("sessionId").get<std::string>();
  devtools("Emulation.setDeviceMetricsOverride", {{"width", looks.window.width},
                                                  {"height", looks.window.height},
                                                  {"deviceScaleFactor", looks.phone ? 2 : 1},
                                                  {"mobile", looks.phone}});
  if (looks.phone)
    devtools("Emulation.setTouchEmulationEnabled", {{"enabled", true}, {"maxTouchPoints", 2}});
  prefer(looks.dark);
}

void Browser::prefer(bool dark) {
  std::vector<json> features = {
      {{"name", "prefers-color-scheme"}, {"value", dark ? "dark" : "light"}}};
  features.push_back({{"name", "hover"}, {"value", looks_.phone ? "none" : "hover"}});
  devtools("Emulation.setEmulatedMedia", {{"features", features}});
}

Browser::~Browser() {
  try {
    if (!session_.empty()) ask("DELETE", session_);
  } catch (const std::exception&) {
    // The driver is ended next, whatever became of its browser.
  }
}

json Browser::ask(const std::string& method, const std::string& path, const json& body) {
  const std::string text = body.is_null() ? "" : body.dump();
  const std::string answer = http(
      port_, fmt::format("{} {} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                         "Content-Length: {}\r\nConnection: close\r\n\r\n{}",
                         method, path, text.size(), text));
  const json parsed = json::parse(answer, nullptr, false);
  if (parsed.is_discarded()) throw std::runtime_error("chromedriver said: " + answer);
  const json& value = parsed.at("value");
  if (value.is_object() && value.contains("error"))
    throw std::runtime_error(path + ": " + value.dump());
  return value;
}

json Browser::devtools(const std::string& command, const json& parameters) {
  return ask_session("/goog/cdp/execute", {{"cmd", command}, {"params", parameters}});
}

json Browser::value(const std::string& expression) {
  return ask_session("/execute/sync",
                     {{"script", "return (" + expression + ");"}, {"args", json::array()}});
}

bool Browser::becomes(const std::string& expression, double timeout_s) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::duration<double>(timeout_s);
  while (value(expression) != true) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
  }
  return true;
}

void Browser::act(const std::vector<json>& sources) {
  json body;
  body["actions"] = sources;
  ask_session("/actions", body);
}

void Browser::click(double x, double y) {
  act(std::vector<json>{pointer("mouse", "mouse", {move_to(x, y), kDown, kUp})});
}

void Browser::drag(double x, double y, double to_x, double to_y) {
  act(std::vector<json>{
      pointer("mouse", "mouse", {move_to(x, y), kDown, move_to(to_x, to_y, 100), kUp})});
}

void Browser::wheel(double x, double y, int delta) {
  const json scroll = {{"type", "scroll"},    {"x", std::lround(x)}, {"y", std::lround(y)},
                       {"deltaX", 0},         {"deltaY", delta},     {"duration", 0},
                       {"origin", "viewport"}};
  act(std::vector<json>{source("wheel", "wheel", {scroll})});
}

void Browser::pinch(double x, double y, double from, double to) {
  const auto finger = [&](const char* id, int side) {
    return pointer(
        "touch", id,
        {move_to(x + side * from / 2, y), kDown, move_to(x + side * to / 2, y, 200), kUp});
  };
  act(std::vector<json>{finger("one", -1), finger("other", 1)});
}

void Browser::press(const std::string& key) {
  const json down = {{"type", "keyDown"}, {"value", key}};
  const json up = {{"type", "keyUp"}, {"value", key}};
  act(std::vector<json>{source("key", "keys", {down, up})});
}

cv::Mat Browser::seen() {
  const json answer = devtools("Page.captureScreenshot", {{"format", "png"}});
  return cv::imdecode(from_base64(answer.at("data").get<std::string>()), cv::IMREAD_COLOR);
}

std::size_t Browser::complaints() {
  std::size_t count = 0;
  for (const json& line : ask_session("/se/log", {{"type", "browser"}}))
    if (line.at("level") == "SEVERE") ++count;
  return count;
}

}  // namespace smalti::test
