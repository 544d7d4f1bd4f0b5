"""`lower`: a condition as SQL that answers true, false or null exactly where `holds` answers True, False or None.

Whole numbers are reckoned as numeric, and durations and reckoned moments as numeric microseconds, so that nothing
overflows; what CEL would call an error becomes null. No part is repeated, so the statement grows with the condition,
and each `offset 0` keeps the planner from repeating one, which takes a long sum past all memory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from psycopg.sql import SQL, Composable

from credo.conditions.condition import Condition
from credo.conditions.limits import MOST_ITEMS
from credo.conditions.pieces import (
    Lowered,
    alike,
    collated,
    joined,
    joined_lists,
    literal,
    numeric,
    ordinary,
    put,
    raw,
    typed_list,
    within,
)
from credo.conditions.problems import NotInSql
from credo.conditions.tree import (
    Both,
    Compare,
    Either,
    Has,
    Item,
    Listing,
    Literal,
    Match,
    Negative,
    Not,
    Path,
    Quantified,
    Size,
    Sum,
    Tree,
)
from credo.conditions.types import EMPTY, entries, is_list, list_of, sums
from credo.conditions.vocabulary import Field

_KNOWN_LIST = """(select case when cardinality(cel.list) <= {1} and array_position(cel.list, null) is null
 then cel.list end from (select ({0})::text[] offset 0) as cel(list))"""
_WITHOUT_HOLES = """(select case when array_position(cel.list, null) is null then cel.list end
 from (select {} offset 0) as cel(list))"""
_MATCH = {
    "contains": "(strpos({}, {}) > 0)",
    "startsWith": "starts_with({}, {})",
    "endsWith": """(select right(cel.whole, char_length(cel.piece)) = cel.piece
 from (select {}, {} offset 0) as cel(whole, piece))""",
}
_QUANTIFIED = {"exists": "any", "all": "all"}
_SIGNS = {"==": "=", "!=": "<>"}
_Items = Mapping[str, Lowered]


def lower(condition: Condition, bindings: Mapping[str, Composable]) -> Composable:
    """The condition as an SQL expression; raises NotInSql for a field without a binding.

    `bindings` are SQL expressions by field name: boolean, an integer type, double precision, text with a deterministic
    collation, timestamptz in the years 1 to 9999, interval without months, text[] of one dimension. Write columns with
    their table. The outcome may stand beside parameters: it holds no percent sign of its own.
    """
    return _Lowering(condition.asked, bindings).value(condition.tree, {}).sql


class _Lowering:
    def __init__(self, fields: Mapping[str, Field], bindings: Mapping[str, Composable]) -> None:
        self.fields = fields
        self.bindings = bindings

    def value(self, tree: Tree, items: _Items) -> Lowered:
        """`items` are the entries that exists and all look at."""
        match tree:
            case Literal():
                return literal(tree)
            case Path():
                return self.path(tree)
            case Item():
                return items[tree.name]
            case Listing():
                return self.listing(tree, items)
            case Negative():
                return self.negative(tree, items)
            case Sum():
                return self.sum(tree, items)
            case Size():
                part = self.value(tree.part, items)
                return Lowered("int", put("cardinality({})" if is_list(part.type) else "char_length({})", part.sql))
            case _:
                return Lowered("bool", self.condition(tree, items))

    def condition(self, tree: Tree, items: _Items) -> Composable:
        match tree:
            case Both():
                return put("({})", joined(" and ", [self.value(part, items).sql for part in tree.parts]))
            case Either():
                return put("({})", joined(" or ", [self.value(part, items).sql for part in tree.parts]))
            case Not():
                return put("(not {})", self.value(tree.part, items).sql)
            case Compare():
                return self.among(tree, items) if tree.sign == "in" else self.compare(tree, items)
            case Has():
                return put("({} is not null)", self.path(tree.path).sql)
            case Match():
                text, piece = self.value(tree.text, items), self.value(tree.piece, items)
                return put(_MATCH[tree.how], collated(text), piece.sql)
            case Quantified():
                return self.quantified(tree, items)
            case _:
                raise TypeError(tree)

    def path(self, tree: Path) -> Lowered:
        if tree.name not in self.bindings:
            raise NotInSql(tree.name)
        bound, type = self.bindings[tree.name], self.fields[tree.name].type
        if type == "double":
            return Lowered(type, put("nullif(({})::float8, 'NaN')", bound))
        if type == "duration":
            return Lowered(type, put("(extract(epoch from ({})) * 1000000)", bound))
        if type == "list(string)":
            return Lowered(type, put(_KNOWN_LIST, bound, raw(str(MOST_ITEMS))))
        return Lowered(type, put("({})", bound), native=type == "timestamp")

    def listing(self, tree: Listing, items: _Items) -> Lowered:
        """A list as a value, which is unknown as soon as one entry is."""
        found = self.entries(tree, items)
        if all(isinstance(item, Literal) for item in tree.items):
            return found
        return Lowered(found.type, put(_WITHOUT_HOLES, found.sql))

    def entries(self, tree: Tree, items: _Items) -> Lowered:
        """A list of which single entries may be unknown."""
        if not isinstance(tree, Listing):
            return self.value(tree, items)
        found = [numeric(self.value(item, items)) for item in tree.items]
        type = list_of(found[0].type) if found else EMPTY
        return typed_list(Lowered(type, put("array[{}]", joined(", ", [one.sql for one in found]))))

    def negative(self, tree: Negative, items: _Items) -> Lowered:
        part = self.value(tree.part, items)
        if part.type == "double":
            return Lowered("double", put("(- {})", part.sql))
        return Lowered("int", within("int", put("- {}::numeric", part.sql)))

    def sum(self, tree: Sum, items: _Items) -> Lowered:
        left, right = self.value(tree.left, items), self.value(tree.right, items)
        type = sums(tree.sign, left.type, right.type) or left.type
        if is_list(type):
            return joined_lists(left, right, type)
        if type == "string":
            return Lowered(type, put("({} || {})", left.sql, right.sql))
        if type == "double":
            return Lowered(type, ordinary(tree.sign, left.sql, right.sql))
        sides = [put("{}::numeric", numeric(side).sql) for side in (left, right)]
        return Lowered(type, within(type, joined(f" {tree.sign} ", sides)))

    def compare(self, tree: Compare, items: _Items) -> Composable:
        left, right = alike([self.value(tree.left, items), self.value(tree.right, items)])
        if is_list(left.type):
            left, right = typed_list(left, right.type), typed_list(right, left.type)
        sign = _SIGNS.get(tree.sign, tree.sign)
        # A column keeps its own collation where only equality counts, so that its index serves.
        plain = sign in ("=", "<>") and (isinstance(tree.left, Literal) or isinstance(tree.right, Literal))
        return put("({} {} {})", left.sql if plain else collated(left), raw(sign), right.sql)

    def among(self, tree: Compare, items: _Items) -> Composable:
        if isinstance(tree.right, Listing):
            return self.written_among(tree.left, tree.right.items, items)
        value, found = numeric(self.value(tree.left, items)), self.value(tree.right, items)
        found = typed_list(found, list_of(value.type))
        return put("({} = any ({}))", collated(value), found.sql)

    def written_among(self, tree: Tree, among: Sequence[Tree], items: _Items) -> Composable:
        if not among:
            return SQL("false")
        value, *found = alike([self.value(one, items) for one in (tree, *among)])
        plain = all(isinstance(one, Literal) for one in among)
        side = value.sql if plain else collated(value)
        return put("({} in ({}))", side, joined(", ", [one.sql for one in found]))

    def quantified(self, tree: Quantified, items: _Items) -> Composable:
        """Over an array of outcomes, `true = any` and `true = all` are Kleene's "or" and "and"."""
        found, place = self.entries(tree.list, items), raw(str(len(items) + 1))
        entry = Lowered(entries(found.type), put("cel_entry_{}.value", place))
        condition = self.value(tree.condition, {**items, tree.item: entry}).sql
        return put(
            """(select case when cel_list_{0}.list is not null then
 true = {1} (array(select {2} from unnest(cel_list_{0}.list) as cel_entry_{0}(value))) end
 from (select {3} offset 0) as cel_list_{0}(list))""",
            place,
            raw(_QUANTIFIED[tree.how]),
            condition,
            found.sql,
        )
