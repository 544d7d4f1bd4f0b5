// Forms when a page is drawn: what was refused has the focus, and where one stands is in sight.
import { find } from "./page";

find('[aria-invalid="true"]:not([type="hidden"])')?.focus();
find(".settings-nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// A form that nobody filled in yet begins with the time zone of this browser.
const zone = find<HTMLSelectElement>("[data-guess-zone]");
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && [...zone.options].some((option) => option.value === here)) zone.value = here;
