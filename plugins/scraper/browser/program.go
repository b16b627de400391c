package browser

import (
	"os"
	"os/exec"
	"path/filepath"
)

// programs are looked for in this order. The shell is Chromium without its windows, which starts in half the time; the
// programs themselves come before the scripts of the same name, which look at the home folder and write to it.
var programs = []string{
	"/usr/lib/chromium/chromium-headless-shell", "chromium-headless-shell", "/usr/lib/chromium/chromium", "/opt/google/chrome/chrome",
	"chromium", "google-chrome", "chromium-browser",
}

// find gives the program to start.
func find(named string) (string, error) {
	if named != "" {
		if path, err := exec.LookPath(named); err == nil {
			return filepath.Abs(path)
		}
		return "", ErrNoProgram
	}
	for _, name := range programs {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrNoProgram
}

// flags of Chromium. Frames of other sites stay in the process of the page (no site isolation), so that one window is one
// session of DevTools: contexts have processes of their own all the same.
func flags(s Settings, profile string) []string {
	out := []string{
		"--headless", "--remote-debugging-pipe", "--user-data-dir=" + profile, "--no-first-run", "--no-startup-window", "--no-default-browser-check",
		"--disable-gpu", "--disable-sync", "--disable-breakpad", "--disable-crash-reporter", "--disable-extensions", "--disable-default-apps", "--disable-component-update",
		"--disable-background-networking", "--disable-domain-reliability", "--disable-client-side-phishing-detection", "--disable-dev-shm-usage",
		"--disable-background-timer-throttling", "--disable-backgrounding-occluded-windows", "--disable-renderer-backgrounding",
		"--disable-component-extensions-with-background-pages", "--disable-prompt-on-repost", "--disable-popup-blocking", "--disable-hang-monitor",
		"--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,Translate,MediaRouter,OptimizationHints,AutofillServerCommunication,CertificateTransparencyComponentUpdater,site-per-process,IsolateOrigins,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable",
		"--disable-site-isolation-trials", "--metrics-recording-only", "--password-store=basic", "--use-mock-keychain", "--mute-audio", "--hide-scrollbars",
		"--force-webrtc-ip-handling-policy=disable_non_proxied_udp", "--js-flags=--max-old-space-size=512", "--window-size=1280,900",
		// Without the gate of a visit nothing is reached.
		"--proxy-server=http://127.0.0.1:9", "--proxy-bypass-list=<-loopback>",
	}
	if s.NoSandbox {
		out = append(out, "--no-sandbox")
	}
	return out
}

// environment is all that Chromium gets to know of ours.
func environment(home string) []string {
	return []string{"PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", "HOME=" + home, "TMPDIR=" + home, "XDG_RUNTIME_DIR=" + home,
		"XDG_CONFIG_HOME=" + home, "XDG_CACHE_HOME=" + home, "DBUS_SESSION_BUS_ADDRESS=disabled:", "FONTCONFIG_PATH=" + os.Getenv("FONTCONFIG_PATH")}
}
