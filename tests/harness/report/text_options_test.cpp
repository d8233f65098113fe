#include "harness/report/text_options.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <optional>
#include <string>

namespace firstfin::report {
namespace {

/// Sets or clears a variable for the length of a test.
class variable {
public:
    variable(const char* name, const char* value) : name_(name) {
        if (const char* before = ::getenv(name)) before_ = before;
        if (value == nullptr)
            ::unsetenv(name);
        else
            ::setenv(name, value, 1);
    }
    ~variable() {
        if (before_)
            ::setenv(name_, before_->c_str(), 1);
        else
            ::unsetenv(name_);
    }
    variable(const variable&) = delete;
    variable& operator=(const variable&) = delete;

private:
    const char* name_;
    std::optional<std::string> before_;
};

class TextOptions : public testing::Test {
protected:
    /// A terminal of 100 x 30; -1 where there are no pseudoterminals.
    int terminal() {
        master_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
        if (master_ < 0 || ::grantpt(master_) != 0 || ::unlockpt(master_) != 0) return -1;
        slave_ = ::open(::ptsname(master_), O_RDWR | O_NOCTTY | O_CLOEXEC);
        const winsize window{30, 100, 0, 0};
        ::ioctl(slave_, TIOCSWINSZ, &window);
        return slave_;
    }
    ~TextOptions() override {
        if (slave_ >= 0) ::close(slave_);
        if (master_ >= 0) ::close(master_);
    }

    variable no_colour_{"NO_COLOR", nullptr};
    variable columns_{"COLUMNS", nullptr};
    variable term_{"TERM", "xterm-256color"};
    int master_ = -1;
    int slave_ = -1;
};

TEST_F(TextOptions, ATerminalHasItsSizeAndColour) {
    const int descriptor = terminal();
    if (descriptor < 0) GTEST_SKIP() << "no pseudoterminals here";
    const auto options = text_options_for(descriptor);
    EXPECT_EQ(options.width, 100U);
    EXPECT_EQ(options.height, 30U);
    EXPECT_TRUE(options.colour);
}

TEST_F(TextOptions, NoColourIsObeyed) {
    const int descriptor = terminal();
    if (descriptor < 0) GTEST_SKIP() << "no pseudoterminals here";
    {
        const variable set("NO_COLOR", "1");
        EXPECT_FALSE(text_options_for(descriptor).colour);
    }
    {
        const variable empty("NO_COLOR", "");
        EXPECT_TRUE(text_options_for(descriptor).colour);
    }
    const variable dumb("TERM", "dumb");
    EXPECT_FALSE(text_options_for(descriptor).colour);
}

TEST_F(TextOptions, APipeHasNoColourAndNoHeight) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    auto options = text_options_for(ends[1]);
    EXPECT_FALSE(options.colour);
    EXPECT_EQ(options.width, 80U);
    EXPECT_EQ(options.height, 0U);
    const variable wide("COLUMNS", "132");
    options = text_options_for(ends[1]);
    EXPECT_EQ(options.width, 132U);
    ::close(ends[0]);
    ::close(ends[1]);
}

}  // namespace
}  // namespace firstfin::report
