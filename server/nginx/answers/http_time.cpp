#include "server/nginx/answers/http_time.hpp"

#include <array>
#include <chrono>

#include "server/http_request/letters.hpp"

namespace firstfin::nginx {

namespace {

constexpr std::array<std::string_view, 7> day_names{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

void put_two(char* at, unsigned value) {
    at[0] = static_cast<char>('0' + value / 10 % 10);
    at[1] = static_cast<char>('0' + value % 10);
}

/// Reads a text from its front; anything that does not fit makes the whole reading fail.
class time_reader {
public:
    explicit time_reader(std::string_view text) : rest_(text) {}

    int number(std::size_t digits) {
        int value = 0;
        for (std::size_t i = 0; i != digits; ++i) {
            const char one = next();
            if (!http_request::is_digit(one)) failed_ = true;
            value = value * 10 + (one - '0');
        }
        return value;
    }
    void expect(char wanted) {
        if (next() != wanted) failed_ = true;
    }
    bool peeks(char wanted) const { return !rest_.empty() && rest_.front() == wanted; }
    void skip_blanks() {
        while (peeks(' '))
            rest_.remove_prefix(1);
    }
    unsigned month() {
        const auto name = rest_.substr(0, 3);
        rest_.remove_prefix(name.size());
        for (unsigned i = 0; i != month_names.size(); ++i)
            if (month_names[i] == name) return i + 1;
        failed_ = true;
        return 1;
    }
    std::size_t left() const { return rest_.size(); }
    bool failed() const { return failed_; }

private:
    char next() {
        if (rest_.empty()) {
            failed_ = true;
            return '0';
        }
        const char one = rest_.front();
        rest_.remove_prefix(1);
        return one;
    }
    std::string_view rest_;
    bool failed_ = false;
};

}  // namespace

void append_http_time(std::string& out, std::time_t when) {
    using namespace std::chrono;
    const sys_seconds point{seconds(when)};
    const auto day = floor<days>(point);
    const year_month_day date(day);
    const auto of_day = static_cast<unsigned>((point - day).count());
    char text[] = "Sun, 06 Nov 1994 08:49:37 GMT";
    day_names[weekday(day).c_encoding()].copy(text, 3);
    put_two(text + 5, static_cast<unsigned>(date.day()));
    month_names[static_cast<unsigned>(date.month()) - 1].copy(text + 8, 3);
    const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
    put_two(text + 12, year / 100);
    put_two(text + 14, year % 100);
    put_two(text + 17, of_day / 3600);
    put_two(text + 20, of_day / 60 % 60);
    put_two(text + 23, of_day % 60);
    out.append(text, sizeof text - 1);
}

std::optional<std::time_t> parse_http_time(std::string_view text) {
    const auto comma = text.find(',');
    time_reader read(comma == std::string_view::npos ? text : text.substr(comma + 1));
    int year = 0, hour = 0, minute = 0, second = 0, day = 0;
    unsigned month = 1;
    const auto read_clock = [&] {
        hour = read.number(2);
        read.expect(':');
        minute = read.number(2);
        read.expect(':');
        second = read.number(2);
    };
    if (comma != std::string_view::npos) {
        // "Sun, 06 Nov 1994 08:49:37 GMT" or "Sunday, 06-Nov-94 08:49:37 GMT"
        read.skip_blanks();
        if (read.left() < 18) return std::nullopt;
        day = read.number(2);
        const bool old = read.peeks('-');
        read.expect(old ? '-' : ' ');
        month = read.month();
        read.expect(old ? '-' : ' ');
        if (old) {
            year = read.number(2);
            year += year < 70 ? 2000 : 1900;
        } else {
            year = read.number(4);
        }
        read.expect(' ');
        read_clock();
    } else {
        // "Sun Nov  6 08:49:37 1994"
        const auto blank = text.find(' ');
        if (blank == std::string_view::npos) return std::nullopt;
        read = time_reader(text.substr(blank + 1));
        read.skip_blanks();
        month = read.month();
        read.expect(' ');
        if (read.peeks(' ')) {
            read.expect(' ');
            day = read.number(1);
        } else {
            day = read.number(2);
        }
        read.expect(' ');
        read_clock();
        read.expect(' ');
        year = read.number(4);
    }
    if (read.failed() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
    using namespace std::chrono;
    const year_month_day date{std::chrono::year(year), std::chrono::month(month),
                              std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok()) return std::nullopt;
    const sys_seconds when = sys_days(date) + hours(hour) + minutes(minute) + seconds(second);
    return when.time_since_epoch().count();
}

}  // namespace firstfin::nginx
