#pragma once

#include <string_view>

/// The explorer's page, as the files in page/ have it.
namespace smalti::explore {

/// Holds %STYLE%, %DATA% and %SCRIPT%, each once and in this order, where these go.
extern const std::string_view kPageHtml;
extern const std::string_view kPageStyle;
extern const std::string_view kPageScript;

}  // namespace smalti::explore
