// Whether a test keeps its function's name.

/** Whether the test is made by std's attribute, or one that keeps its name. */
export function isPlainTestText(text: string, start: number, name: number): boolean {
    const above = text.slice(Math.max(0, start - 400), name);
    const own = above.slice(Math.max(above.lastIndexOf("}"), above.lastIndexOf(";")) + 1);
    return /#\s*\[\s*(?:\w+\s*::\s*)*test\b/u.test(own) && !/case|values|rstest|matrix/u.test(own);
}
