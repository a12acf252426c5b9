// Where a pattern ends.

import { MACRO_TOKEN } from "./model.ts";
import { TypeParser } from "./type-parser.ts";

const RANGE = /^\.\.[.=]?$/u;

/** Reads patterns. */
export abstract class PatternParser extends TypeParser {
    /** A pattern with alternatives, maybe after a leading bar. */
    parsePattern(): boolean {
        this.eat("|");
        if (!this.parseSinglePattern()) {
            return false;
        }
        while (this.eat("|")) {
            if (!this.parseSinglePattern()) {
                return false;
            }
        }
        return true;
    }

    /** A pattern without alternatives at its top. */
    parseSinglePattern(): boolean {
        if (this.skipGroup("pat", "pat_param")) {
            return true;
        }
        if (this.skipGroup("expr", "expr_2021", "literal")) {
            return this.parseRangeTail();
        }
        switch (this.text) {
            case "&":
            case "&&":
                this.eatSign("&");
                this.eat("mut");
                return this.parseSinglePattern();
            case "(":
            case "[":
                return this.skipTree();
            case "..":
            case "..=":
            case "...":
                return this.bump() && (this.canBeginRangeEnd() ? this.parseRangeEnd() : true);
            case "!":
            case "_":
                return this.bump();
            case "box":
                return this.bump() && this.parseSinglePattern();
            case "mut":
            case "ref":
                return this.parseBinding();
            default:
                return this.parseNamedPattern();
        }
    }

    /** `ref mut x @ pattern`. */
    parseBinding(): boolean {
        this.eat("ref");
        this.eat("mut");
        if (this.eat("self")) {
            return true;
        }
        return this.eatPlainIdentifier() && (this.eat("@") ? this.parseSinglePattern() : true);
    }

    parseNamedPattern(): boolean {
        if (this.text === "const" && this.textAhead(1) === "{") {
            return this.bump() && this.skipTree() && this.parseRangeTail();
        }
        if (this.text === "mut" || this.isBindingName()) {
            return this.parseBinding();
        }
        if (this.canBeginPath()) {
            return this.parsePathPattern();
        }
        return this.parseLiteral() && this.parseRangeTail();
    }

    isBindingName(): boolean {
        return this.isPlainIdentifier() && !/^(?:[({!]|::|\.\.[.=]?)$/u.test(this.textAhead(1));
    }

    canBeginPath(): boolean {
        return (
            this.isPathSegment() ||
            this.text === "::" ||
            this.startsWith("<") ||
            this.group === "path" ||
            this.group === "ty"
        );
    }

    parsePathPattern(): boolean {
        if (!this.parsePath("expression")) {
            return false;
        }
        if (this.text === "!" && this.kindAhead(1) === MACRO_TOKEN.open) {
            return this.bump() && this.skipTree();
        }
        if (RANGE.test(this.text)) {
            return this.parseRangeTail();
        }
        return this.skipTree("{") || this.skipTree("(") || true;
    }

    /** `..=end`, `..end` or `..` behind a pattern's first value. */
    parseRangeTail(): boolean {
        if (!RANGE.test(this.text)) {
            return true;
        }
        return this.bump() && (this.canBeginRangeEnd() ? this.parseRangeEnd() : true);
    }

    canBeginRangeEnd(): boolean {
        const isConst = this.text === "const" && this.textAhead(1) === "{";
        const isWord = this.text === "-" || this.text === "true" || this.text === "false";
        const isGroup = this.group === "expr" || this.group === "literal";
        const isLiteral = this.kind === MACRO_TOKEN.literal;
        return isConst || isWord || isGroup || isLiteral || this.canBeginPath();
    }

    parseRangeEnd(): boolean {
        if (this.eat("const")) {
            return this.skipTree("{");
        }
        return this.canBeginPath() ? this.parsePath("expression") : this.parseLiteral();
    }
}
