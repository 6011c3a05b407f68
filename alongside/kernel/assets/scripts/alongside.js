import { createAll, initAll } from "govuk-frontend";
import { Alert, ButtonMenu, FilterToggleButton, MultiSelect } from "@ministryofjustice/frontend";

initAll();
for (const component of [Alert, ButtonMenu, MultiSelect]) createAll(component);
createAll(FilterToggleButton, { startHidden: false });
