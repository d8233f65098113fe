#include "harness/validate/fixing/comparison.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace firstfin::validate::fixing {

namespace {

class index {
public:
    void add(const finding& one, nginx_conf::position where) {
        note(places_[{one.rule, where.file, where.line, where.column}], one);
        for (const auto& hop : one.hops)
            note(hops_[{one.rule, hop}], one);
    }

    /// The worst that is the same finding; nothing when there is none.
    [[nodiscard]] std::optional<severity> find(const finding& one, nginx_conf::position where) const {
        std::optional<severity> out;
        const auto place = places_.find({one.rule, where.file, where.line, where.column});
        if (place != places_.end()) out = place->second;
        for (const auto& hop : one.hops) {
            const auto found = hops_.find({one.rule, hop});
            if (found != hops_.end()) out = std::max(out, found->second);
        }
        return out;
    }

private:
    static void note(std::optional<severity>& worst, const finding& one) {
        worst = std::max(worst, std::optional(one.level));
    }

    std::map<std::tuple<std::string, std::uint32_t, std::uint32_t, std::uint32_t>, std::optional<severity>> places_;
    std::map<std::pair<std::string, std::string>, std::optional<severity>> hops_;
};

}  // namespace

std::vector<const finding*> heeded(const validation& of) {
    std::vector<const finding*> out;
    for (const auto& one : of.findings)
        if (!one.ignored) out.push_back(&one);
    return out;
}

comparison compare(const validation& before, const fix_plan& plan, const validation& after) {
    std::vector<nginx_conf::position> places;
    for (const auto& one : before.findings)
        places.push_back(one.where);
    places = plan.moved(places, before.read);

    index was;
    index is;
    for (std::size_t i = 0; i < before.findings.size(); ++i)
        was.add(before.findings[i], places[i]);
    for (const auto* one : heeded(after))
        is.add(*one, one->where);

    comparison out;
    for (std::size_t i = 0; i < before.findings.size(); ++i)
        if (!before.findings[i].ignored && !is.find(before.findings[i], places[i])) ++out.gone;
    for (std::size_t i = 0; i < after.findings.size(); ++i) {
        const auto& one = after.findings[i];
        // Nothing is less than any severity.
        if (!one.ignored && was.find(one, one.where) < one.level) out.new_ones.push_back(i);
    }
    return out;
}

}  // namespace firstfin::validate::fixing
