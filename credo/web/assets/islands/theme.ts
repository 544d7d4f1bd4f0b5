// Light, dark or as the system: at once here, and remembered by the server for the next page.
document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  const choice = (event.submitter as HTMLButtonElement | null)?.value;
  if (!form.matches("[data-theme-form]") || !choice) return;
  event.preventDefault();
  document.documentElement.dataset.theme = choice;
  document.querySelectorAll<HTMLButtonElement>("[data-theme-form] button").forEach((button) => {
    if (button.value === choice) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  });
  if (form.popover) form.hidePopover();
  void fetch(form.action, { method: "POST", body: new URLSearchParams({ theme: choice }) });
});
