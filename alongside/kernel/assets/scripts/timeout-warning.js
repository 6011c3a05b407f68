// Warns two minutes before an idle session ends, in a modal dialog that says how long is left.
// All tabs of one session share its end: staying signed in in one moves the end in all.
const WARNING_S = 120;

export function warnBeforeTimeout(dialog, { beforeLeaving }) {
  const lasts = Number(dialog.dataset.seconds);
  const form = dialog.querySelector("form");
  const left = dialog.querySelector("[data-time-left]");
  const announcement = dialog.querySelector("[data-announcement]");
  dialog.querySelector("[data-kept]").hidden = !document.querySelector("form[data-draft]");
  const tabs = new BroadcastChannel("alongside-session");
  let endsAt;
  let announced;

  function startAgain() {
    endsAt = Date.now() + lasts * 1000; // a clock, not a count: timers stop while a laptop sleeps
    announced = "";
    if (dialog.open) dialog.close();
  }

  async function tick() {
    if (secondsLeft() > WARNING_S) return;
    if (!dialog.open) {
      await beforeLeaving(); // while the session still lives; saving is a sign of life, so look again
      if (secondsLeft() > WARNING_S) return;
      dialog.showModal();
    }
    if (secondsLeft() <= 0) return leave();
    left.textContent = inWords(secondsLeft());
    announce(secondsLeft());
  }

  function secondsLeft() {
    return Math.ceil((endsAt - Date.now()) / 1000);
  }

  /** A screen reader hears the time at each minute, then every twenty seconds; not every second. */
  function announce(seconds) {
    const step = seconds > 60 ? 60 : 20;
    const words = inWords(Math.ceil(seconds / step) * step);
    if (words !== announced) announcement.textContent = announced = words;
  }

  function leave() {
    clearInterval(timer);
    location.assign(dialog.dataset.signsOutTo);
  }

  async function stay(event) {
    event.preventDefault();
    const response = await fetch(form.action, { method: "POST", body: new FormData(form) }).catch(() => null);
    if (!response?.ok) return form.submit(); // the server then says in full what is wrong
    tabs.postMessage("stayed");
    startAgain();
  }

  form.addEventListener("submit", stay);
  dialog.addEventListener("cancel", stay); // Escape means: I am here
  tabs.addEventListener("message", startAgain);
  tabs.postMessage("stayed"); // this page was just loaded, so the session has just begun again
  startAgain();
  const timer = setInterval(tick, 1000);
  return { startAgain };
}

function inWords(seconds) {
  if (seconds < 60) return seconds === 1 ? "1 second" : `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes === 1 ? "1 minute" : `${minutes} minutes`;
}
