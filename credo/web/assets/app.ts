// Every page loads this: htmx and the islands. Islands listen on the document, so that swapped fragments need no set-up.
import "htmx.org";
import "./islands/theme";
import "./islands/toasts";
import "./islands/dialogs";
import "./islands/forms";
import "./islands/menus";
import "./islands/clocks";
import "./islands/frames";
import "./islands/list";
import "./islands/keys";
import "./islands/live";
import "./islands/presence";
import "./islands/composer";
