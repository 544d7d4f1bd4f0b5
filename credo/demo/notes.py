"""What colleagues say among themselves, by mailbox."""

NOTES = {
    "care": (
        "@{owner} the workshop has {two|three|five} {short} left, the next batch comes in {two|three} weeks.",
        "I spoke to this customer {last month|in spring}, very patient then. Let us not test it again.",
        "{carrier} called back: wrong depot, they admit it. Reference 77-{order}.",
        "{Third|Second|Fourth} one this week with the same carton. I put it on the list for Friday's review.",
        "Please mention the five years of warranty, people never know.",
        "@{owner} goodwill is fine here, up to 50 € you need not ask.",
        "Checked the payment: it went through {once|twice}. Screenshot is in the bookkeeping folder.",
        "He writes in the evening and likes short answers.",
        "I would call, a mail more makes it worse.",
        "Glass supplier says: batch {24|31|07} may have a hairline. Keep the photo, please.",
        "The leaflet really is wrong at step 4. I told product.",
        "Her sister bought the same one in {May|August}, no trouble there.",
        "If the parcel does not move by tomorrow, send a new one. I cleared it with Maya.",
        "App people confirm: fix is in 2.4.1, test build looks good {on my bench|here}.",
    ),
    "trade": (
        "Margin is fine up to 18 %, beyond that ask me.",
        "Site contact is a Mr. Haddad, call before seven or after four.",
        "@{owner} production can pull {twenty|twelve} pieces forward, not more.",
        "They paid the last {two|three} invoices early. Be generous with the sample.",
        "Drawing checked: cable must be 3.5 m, I told the workshop.",
        "Their VAT number is valid, checked today.",
        "Truck with tail lift booked, 80 € on us.",
    ),
}
