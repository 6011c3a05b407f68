// Everything works without this file; with it, the components gain their comforts.
import * as govuk from "govuk-frontend";
import { Alert, ButtonMenu, FilterToggleButton, MultiSelect } from "@ministryofjustice/frontend";
import { keepDrafts } from "./autosave-draft.js";
import { CopyButton } from "./copy-button.js";
import { QuietRadios } from "./quiet-radios.js";
import { warnBeforeTimeout } from "./timeout-warning.js";

for (const component of [
  govuk.Accordion,
  govuk.Button,
  govuk.CharacterCount,
  govuk.Checkboxes,
  govuk.ErrorSummary,
  govuk.NotificationBanner,
  govuk.PasswordInput,
  QuietRadios,
  govuk.ServiceNavigation,
  govuk.SkipLink,
  govuk.Tabs,
  Alert,
  ButtonMenu,
  MultiSelect,
  CopyButton,
]) {
  govuk.createAll(component);
}
govuk.createAll(FilterToggleButton, { startHidden: false });

const dialog = document.querySelector("dialog[data-module=app-timeout-warning]");
const session = dialog && warnBeforeTimeout(dialog, { beforeLeaving: saveDrafts });
const drafts = [...document.querySelectorAll("form[data-draft]")].map((form) =>
  keepDrafts(form, { saved: () => session?.startAgain() }),
);

function saveDrafts() {
  return Promise.all(drafts.map((draft) => draft.save()));
}
