#include "server/nginx/answers/special_page.hpp"

#include <fmt/format.h>

#include "server/nginx/answers/status_words.hpp"

namespace firstfin::nginx {

namespace {

/// Where the page's words are not the status line's.
std::string_view title_of(int status) {
    switch (status) {
        case 302:
            return "302 Found";
        case 401:
            return "401 Authorization Required";
        case 494:
            return "400 Request Header Or Cookie Too Large";
        case 495:
            return "400 The SSL certificate error";
        case 496:
            return "400 No required SSL certificate was sent";
        case 497:
            return "400 The plain HTTP request was sent to HTTPS port";
        case 498:
            return "404 Not Found";
        default:
            return status >= 301 && status != 304 ? status_words(status) : std::string_view();
    }
}

}  // namespace

std::string special_page_text(int status) {
    const auto title = title_of(status);
    if (title.empty()) return {};
    const bool is_kind_of_400 = status >= 494 && status <= 497;
    auto out = fmt::format("<html>\r\n<head><title>{0}</title></head>\r\n<body>\r\n<center><h1>{1}</h1></center>\r\n",
                           title, is_kind_of_400 ? status_words(400) : title);
    if (is_kind_of_400) out += fmt::format("<center>{}</center>\r\n", title.substr(4));
    return out;
}

std::string special_page_tail(std::string_view server) {
    return fmt::format("<hr><center>{}</center>\r\n</body>\r\n</html>\r\n", server);
}

std::string_view special_page_padding() {
    static const std::string padding = [] {
        std::string out;
        for (int i = 0; i != 6; ++i)
            out += "<!-- a padding to disable MSIE and Chrome friendly error page -->\r\n";
        return out;
    }();
    return padding;
}

}  // namespace firstfin::nginx
