#include "server/nginx/answers/served.hpp"

#include "server/nginx/answers/special_page.hpp"
#include "server/nginx_conf/values.hpp"

namespace firstfin::nginx {

void root_path::append(std::string& out, const moment& at) const {
    if (path_.is_constant()) {
        out.append(path_.constant());
        return;
    }
    const auto begin = out.size();
    path_.append(out, at);
    if (out.size() == begin || out[begin] != '/') out.insert(begin, prefix_);
}

special_pages::special_pages(std::string_view server) : by_status_(600) {
    const auto tail = special_page_tail(server);
    for (int status = 300; status != 600; ++status)
        if (auto text = special_page_text(status); !text.empty())
            by_status_[static_cast<std::size_t>(status)] = std::move(text) + tail;
}

const std::string& special_pages::of(int status) const {
    const auto at = static_cast<std::size_t>(status);
    return by_status_[at < by_status_.size() ? at : 0];
}

std::int64_t served_location::rate(const moment& at) const {
    if (limit_rate.is_constant()) return constant_rate;
    std::string text;
    limit_rate.append(text, at);
    return nginx_conf::parse_size(text).value_or(0);
}

const served_location* served_server::find_named(std::string_view wanted) const {
    for (const auto* each : named)
        if (each->from->match.name == wanted) return each;
    return nullptr;
}

}  // namespace firstfin::nginx
