/**
 * The administration at /login: set-up, representatives, sessions and their recordings, status and
 * audit log. Asks the appliance under /login/api and decides nothing by itself: what a reader may
 * not do is refused there, and only not shown here.
 */
import "@mantine/core/styles.css";
import "./login.css";
import { MantineProvider } from "@mantine/core";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { LanguageProvider } from "./language.tsx";
import { theme } from "./theme.ts";

const place = document.getElementById("root");
if (!place) throw new Error("the page has no #root");
const nonce = document.getElementById("style-nonce")?.nonce ?? "";
// The name under which the part that keeps a page from scrolling behind a dialog looks for it.
Reflect.set(globalThis, "__webpack_nonce__", nonce);

createRoot(place).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <LanguageProvider>
        <App />
      </LanguageProvider>
    </MantineProvider>
  </StrictMode>,
);
