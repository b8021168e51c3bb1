// Whoever has just signed out leaves nothing of a complaint in this browser, and nobody's words outlive their hours.

import { tidy } from "./kept.js";

tidy(document.body.dataset.left);
