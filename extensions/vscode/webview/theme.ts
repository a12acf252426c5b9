// The editor's colors for what is drawn on a canvas, which style sheets do not reach.

/** Colors of the present theme. */
export interface Theme {
    readonly background: string;
    readonly foreground: string;
    readonly dim: string;
    readonly border: string;
    readonly accent: string;
    readonly cluster: string;
    readonly test: string;
    readonly match: string;
    readonly edges: Readonly<Record<string, string>>;
    readonly font: string;
}

/** Reads them. */
export function readTheme(): Theme {
    const style = getComputedStyle(document.documentElement);
    const isHighContrast = document.body.classList.contains("vscode-high-contrast");
    const color = (names: readonly string[], otherwise: string): string => {
        for (const name of names) {
            const value = style.getPropertyValue(`--vscode-${name}`).trim();
            if (value !== "") {
                return value;
            }
        }
        return otherwise;
    };
    const foreground = color(["editor-foreground", "foreground"], "#cccccc");
    const background = color(["editor-background"], "#1e1e1e");
    const plain = (value: string): string => (isHighContrast ? background : value);
    return {
        background,
        foreground,
        dim: isHighContrast ? foreground : color(["descriptionForeground"], foreground),
        border: color(["contrastBorder", "editorWidget-border", "panel-border"], foreground),
        accent: color(["contrastActiveBorder", "focusBorder"], "#007fd4"),
        cluster: plain(color(["editorWidget-background", "sideBar-background"], background)),
        test: color(["charts-green", "testing-iconPassed"], foreground),
        match: color(["charts-yellow", "editor-findMatchBorder"], foreground),
        edges: {
            call: color(["charts-blue"], foreground),
            reference: color(["charts-foreground", "foreground"], foreground),
            implements: color(["charts-purple"], foreground),
            dispatch: color(["charts-orange"], foreground),
        },
        font: color(["font-family"], "sans-serif"),
    };
}

/** Calls back when the user chooses another theme. */
export function onThemeChange(changed: () => void): void {
    new MutationObserver(changed).observe(document.body, {
        attributes: true,
        attributeFilter: ["class", "data-vscode-theme-id"],
    });
}
