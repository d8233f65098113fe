#include "server/http_request/normal_path.hpp"

#include "server/http_request/letters.hpp"

namespace firstfin::http_request {

namespace {

/// Takes "/segment/.." off the end, leaving the slash before it.
bool leave_segment(std::string& path) {
    if (path.size() < 4) return false;  // "/..": already at the root
    const auto slash = path.rfind('/', path.size() - 4);
    if (slash == std::string::npos) return false;
    path.resize(slash + 1);
    return true;
}

/// The path so far, and what its last segment is made of.
class path_writer {
public:
    path_writer(std::string& path, slashes doubled) : path_(path), doubled_(doubled) {}

    bool add(char one) {
        if (one == '/') return add_slash();
        if (one != '.' || last_ == segment::two_dots || last_ == segment::text) {
            last_ = segment::text;
        } else {
            last_ = last_ == segment::slash ? segment::one_dot : segment::two_dots;
        }
        path_.push_back(one);
        return true;
    }
    bool finish() {
        if (last_ == segment::one_dot) path_.pop_back();
        return last_ != segment::two_dots || leave_segment(path_);
    }

private:
    enum class segment { text, slash, one_dot, two_dots };

    bool add_slash() {
        const auto before = last_;
        last_ = segment::slash;
        switch (before) {
            case segment::text:
                path_.push_back('/');
                return true;
            case segment::slash:
                if (doubled_ == slashes::keep) path_.push_back('/');
                return true;
            case segment::one_dot:
                path_.pop_back();
                return true;
            case segment::two_dots:
                return leave_segment(path_);
        }
        return false;
    }

    std::string& path_;
    slashes doubled_;
    segment last_ = segment::text;
};

}  // namespace

bool read_target(std::string_view target, slashes doubled, std::string& path, std::string_view& args) {
    path.clear();
    args = {};
    if (!target.starts_with('/')) path.push_back('/');
    path_writer writer(path, doubled);
    for (std::size_t at = 0; at != target.size(); ++at) {
        const auto one = target[at];
        if (one == '#') break;
        if (one == '?') {
            args = target.substr(at + 1);
            args = args.substr(0, args.find('#'));
            break;
        }
        if (one != '%') {
            if (!writer.add(one)) return false;
            continue;
        }
        if (target.size() - at < 3) return false;
        const auto high = hex_value(target[at + 1]);
        const auto low = hex_value(target[at + 2]);
        if (high < 0 || low < 0) return false;
        at += 2;
        const auto decoded = static_cast<char>(high * 16 + low);
        if (decoded == '\0' || !writer.add(decoded)) return false;
    }
    return writer.finish();
}

}  // namespace firstfin::http_request
