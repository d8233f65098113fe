#include "server/http_request/chunked_reader.hpp"

#include <gtest/gtest.h>

namespace firstfin::http_request {
namespace {

using progress = chunked_reader::progress;

constexpr dialect strict = dialect::of_nginx(1, 29, 4);

struct row {
    std::string bytes;
    progress before;  ///< nginx 1.29.4
    progress since;
};

class ChunkedReader : public testing::TestWithParam<row> {};

TEST_P(ChunkedReader, JudgesTheBodyHoweverItIsCut) {
    for (const auto& [speaks, expected] : {std::pair{dialect{}, GetParam().before}, {strict, GetParam().since}}) {
        for (std::size_t step = 1; step <= GetParam().bytes.size(); ++step) {
            chunked_reader reader(speaks);
            std::string_view rest = GetParam().bytes;
            auto done = progress::wants_more;
            while (!rest.empty() && done == progress::wants_more) {
                done = reader.feed(rest.substr(0, step));
                rest.remove_prefix(reader.consumed());
            }
            EXPECT_EQ(done, expected) << "in steps of " << step;
            if (done == progress::complete) {
                EXPECT_EQ(rest, "GET") << "in steps of " << step;
            }
            if (done == progress::refused) {
                EXPECT_EQ(reader.why().status, 400U);
            }
        }
    }
}

constexpr auto complete = progress::complete, refused = progress::refused, more = progress::wants_more;

const row rows[] = {
    {"0\r\n\r\nGET", complete, complete},
    {"5\r\n12345\r\n0\r\n\r\nGET", complete, complete},
    {"A;x=\"y\"\r\n0123456789\r\n00\r\nTrailer: x\r\n\r\nGET", complete, complete},
    {"5 \t;\r\n12345\r\n0 x\r\n\r\nGET", complete, complete},
    {"5\n12345\n0\n\nGET", complete, refused},
    {"5\r\n12345\n0\r\n\r\nGET", complete, refused},
    {"0\r\nX: y\n\r\nGET", complete, refused},
    {"7ffffffffffffff\r\nx", more, more},
    {"5\r\n1234", more, more},
    {"0\r\n\r", more, more},
    {"800000000000000\r\nx", refused, refused},
    {"ffffffffffffffffffff\r\n", refused, refused},
    {"x", refused, refused},
    {" 5\r\n", refused, refused},
    {"-1\r\n", refused, refused},
    {"5x\r\n", refused, refused},
    {"5\r12345", refused, refused},
    {"5\r\n123456\r\n", refused, refused},
    {"0\r\n\rX", refused, refused},
};

INSTANTIATE_TEST_SUITE_P(Bodies, ChunkedReader, testing::ValuesIn(rows));

TEST(ChunkedReaderLimit, RefusesAChunkThatIsTooLargeBeforeItsData) {
    chunked_reader exact({}, 8);
    EXPECT_EQ(exact.feed("5\r\n12345\r\n3\r\n123\r\n0\r\n\r\n"), complete);
    EXPECT_EQ(exact.body_size(), 8U);

    chunked_reader over({}, 8);
    EXPECT_EQ(over.feed("5\r\n12345\r\n4\r\n"), refused);
    EXPECT_EQ(over.why().status, 413U);
}

}  // namespace
}  // namespace firstfin::http_request
