#include <fmt/format.h>
#include <unistd.h>

#include "harness/cli/command.hpp"
#include "harness/report/text_options.hpp"
#include "harness/validate/printing/printing.hpp"
#include "harness/validate/question_words.hpp"
#include "harness/validate/rule.hpp"
#include "harness/validate/sources.hpp"
#include "harness/validate/validation.hpp"

namespace firstfin::cli {

namespace {

struct given_options {
    std::string path;
    std::string context;
    validate::question_words words;
    std::string fail_on;
    std::string format = "text";
    std::string why;
    bool lists_rules = false;
};

}  // namespace

}  // namespace firstfin::cli
