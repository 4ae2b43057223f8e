/** How a page uses the element: it gives the token, and hears of each step. */

const importer = document.querySelector("rollcall-import");
const events = document.querySelector("#events");

/** A platform asks its own server for a token; here, the embedded stack issues one for development. */
async function giveToken() {
  const { search } = location;
  const answer = await fetch(`/dev/token${search || "?organisation=demo"}`);
  importer.token = (await answer.json()).token;
}

for (const name of ["rollcall-step", "rollcall-finished", "rollcall-token-needed"]) {
  importer.addEventListener(name, ({ detail }) => {
    const line = document.createElement("li");
    line.textContent = `${name} ${JSON.stringify(detail)}`;
    events.append(line);
  });
}

importer.addEventListener("rollcall-token-needed", giveToken);
