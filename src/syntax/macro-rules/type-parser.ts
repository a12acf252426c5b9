// Where a type, a path or a list of bounds ends. The order of alternatives is that of rustc's parser; trees
// in delimiters are not looked into, for they cannot change where something ends.

import { MACRO_TOKEN } from "./model.ts";
import { TokenCursor } from "./token-cursor.ts";

/** How a path takes generic arguments: not at all, after `::` only, or at once. */
export type PathStyle = "module" | "expression" | "type";

/** Reads types. Each method says whether it succeeded; after a failure the place is of no use. */
export abstract class TypeParser extends TokenCursor {
    abstract parseExpression(): boolean;

    parseType(allowPlus = true): boolean {
        if (this.skipGroup("ty", "path")) {
            return this.parseGroupedTypeTail(allowPlus);
        }
        switch (this.text) {
            case "(":
                return this.skipTree() && this.parseMoreBounds(allowPlus);
            case "!":
            case "_":
                return this.bump();
            case "[":
                return this.skipTree();
            case "*":
                return (
                    this.bump() && (this.eat("const") || this.eat("mut")) && this.parseType(false)
                );
            case "&":
            case "&&":
                return this.parseReferenceType();
            case "for":
                return this.parseBoundType(allowPlus);
            case "impl":
                return this.bump() && this.parseBounds();
            default:
                return this.parseNamedType(allowPlus);
        }
    }

    parseReferenceType(): boolean {
        if (!this.eatSign("&")) {
            return false;
        }
        this.eatLifetime();
        if (this.text === "pin" && (this.textAhead(1) === "mut" || this.textAhead(1) === "const")) {
            this.bump();
            this.bump();
        }
        this.eat("mut");
        return this.parseType(false);
    }

    /** `for<'a> fn(…)` or `for<'a> Trait + …`. */
    parseBoundType(allowPlus: boolean): boolean {
        if (!this.bump() || !this.parseAngleList()) {
            return false;
        }
        if (this.isFunctionPointer()) {
            return this.parseFunctionPointer();
        }
        return this.parsePath("type") && this.parseMoreBounds(allowPlus);
    }

    parseNamedType(allowPlus: boolean): boolean {
        if (this.isFunctionPointer()) {
            return this.parseFunctionPointer();
        }
        if (this.text === "dyn" && this.isDynType()) {
            return this.bump() && this.parseBounds();
        }
        if (this.startsWith("<")) {
            return this.parseQualifiedPath("type");
        }
        if (this.isPathSegment() || this.text === "::") {
            return this.parsePathType(allowPlus);
        }
        const isBound = this.kind === MACRO_TOKEN.lifetime || this.text === "?";
        return isBound && (allowPlus ? this.parseBounds() : this.parseBound());
    }

    parsePathType(allowPlus: boolean): boolean {
        if (!this.parsePath("type")) {
            return false;
        }
        if (this.text === "!" && this.kindAhead(1) === MACRO_TOKEN.open) {
            return this.bump() && this.skipTree();
        }
        return this.parseMoreBounds(allowPlus);
    }

    /** `$type::Item` goes on behind the group. */
    parseGroupedTypeTail(allowPlus: boolean): boolean {
        return this.text === "::"
            ? this.bump() && this.parseSegments("type")
            : this.parseMoreBounds(allowPlus);
    }

    isDynType(): boolean {
        if (this.edition >= 2018) {
            return true;
        }
        const next = this.textAhead(1);
        const isWord = this.isPathSegment(1) || this.kindAhead(1) === MACRO_TOKEN.lifetime;
        return isWord || next === "(" || next === "?" || next === "for";
    }

    isFunctionPointer(): boolean {
        let ahead = 0;
        while (/^(?:unsafe|extern|safe|async|const)$/u.test(this.textAhead(ahead))) {
            const hasAbi =
                this.textAhead(ahead) === "extern" &&
                this.kindAhead(ahead + 1) === MACRO_TOKEN.literal;
            ahead += hasAbi ? 2 : 1;
        }
        return this.textAhead(ahead) === "fn" && this.textAhead(ahead + 1) === "(";
    }

    parseFunctionPointer(): boolean {
        while (this.text !== "fn") {
            this.bump();
        }
        return this.bump() && this.skipTree("(") && this.parseReturnType();
    }

    parseReturnType(): boolean {
        return this.eat("->") ? this.parseType(false) : true;
    }

    parseMoreBounds(allowPlus: boolean): boolean {
        return allowPlus && this.eatSign("+") ? this.parseBounds() : true;
    }

    /** `A + 'b + ?C`, maybe none. */
    parseBounds(): boolean {
        while (this.canBeginBound()) {
            if (!this.parseBound()) {
                return false;
            }
            if (!this.eatSign("+")) {
                break;
            }
        }
        return true;
    }

    canBeginBound(): boolean {
        return (
            this.isPathSegment() ||
            this.kind === MACRO_TOKEN.lifetime ||
            this.group === "path" ||
            this.group === "ty" ||
            /^(?:::|<|!|\?|~|for|\(|const|async|use)$/u.test(this.text) ||
            (this.text === "[" && this.textAhead(1) === "const")
        );
    }

    parseBound(): boolean {
        if (this.eatLifetime() || this.skipTree("(")) {
            return true;
        }
        if (this.eat("use")) {
            return this.parseAngleList();
        }
        this.parseBinder();
        if (this.eat("~")) {
            this.eat("const");
        } else if (!this.eat("const")) {
            this.skipTree("[");
        }
        this.eat("async");
        if (!this.eat("?")) {
            this.eat("!");
        }
        return this.parseBinder() && this.parsePath("type");
    }

    parseBinder(): boolean {
        return this.eat("for") ? this.parseAngleList() : true;
    }

    /** A path, maybe qualified by a type. */
    parsePath(style: PathStyle): boolean {
        if (this.skipGroup("path", "ty")) {
            return this.text === "::" ? this.bump() && this.parseSegments(style) : true;
        }
        if (style !== "module" && this.startsWith("<")) {
            return this.parseQualifiedPath(style);
        }
        this.eat("::");
        return this.parseSegments(style);
    }

    parseQualifiedPath(style: PathStyle): boolean {
        if (!this.eatSign("<") || !this.parseType()) {
            return false;
        }
        if (this.eat("as") && !this.parsePath("type")) {
            return false;
        }
        return this.eatSign(">") && this.eat("::") && this.parseSegments(style);
    }

    parseSegments(style: PathStyle): boolean {
        for (;;) {
            if (!this.isPathSegment()) {
                return false;
            }
            this.bump();
            if (!this.parseSegmentArguments(style)) {
                return false;
            }
            const next = this.textAhead(1);
            if (this.text !== "::" || next === "*" || next === "{") {
                return true;
            }
            this.bump();
        }
    }

    parseSegmentArguments(style: PathStyle): boolean {
        if (style === "module") {
            return true;
        }
        const isTurbofish = this.text === "::" && /^(?:<|<<|\(|<-)$/u.test(this.textAhead(1));
        if (isTurbofish) {
            this.bump();
        } else if (style !== "type") {
            return true;
        }
        if (this.startsWith("<") && this.text !== "<=" && this.text !== "<<=") {
            return this.parseAngleList();
        }
        return this.skipTree("(") ? this.parseReturnType() : true;
    }

    /** Generic arguments or parameters with their angle brackets. */
    parseAngleList(): boolean {
        if (!this.eatSign("<")) {
            return false;
        }
        while (!this.eatSign(">")) {
            if (this.isAtEnd || !this.parseAngleItem()) {
                return false;
            }
            if (!this.eat(",") && !this.startsWith(">")) {
                return false;
            }
        }
        return true;
    }

    parseAngleItem(): boolean {
        while (this.text === "#") {
            this.bump();
            this.skipTree("[");
        }
        if (this.kind === MACRO_TOKEN.lifetime && this.textAhead(1) !== "+") {
            return this.bump() && this.parseConstraint();
        }
        if (this.text === "const" && this.isPlainIdentifier(1)) {
            this.bump();
            this.bump();
            return this.parseConstraint();
        }
        return this.parseAngleValue() && this.parseConstraint();
    }

    /** A type or a constant. */
    parseAngleValue(): boolean {
        if (this.skipTree("{") || this.skipGroup("expr", "expr_2021", "block", "literal")) {
            return true;
        }
        if (this.text === "const" && this.textAhead(1) === "{") {
            return this.bump() && this.skipTree();
        }
        if (this.text === "-" || this.text === "true" || this.text === "false") {
            return this.parseLiteral();
        }
        return this.kind === MACRO_TOKEN.literal ? this.bump() : this.parseType();
    }

    /** `: Bounds` and `= value` behind a generic parameter or argument. */
    parseConstraint(): boolean {
        if (this.eat(":") && !this.parseConstraintBounds()) {
            return false;
        }
        return this.eat("=") ? this.parseAngleValue() : true;
    }

    /** Bounds, or the type of a constant parameter. */
    parseConstraintBounds(): boolean {
        return this.canBeginBound()
            ? this.parseBounds()
            : this.isConstraintEnd() || this.parseType();
    }

    isConstraintEnd(): boolean {
        return this.text === "," || this.text === "=" || this.startsWith(">");
    }

    /** A literal, maybe negative. */
    parseLiteral(): boolean {
        if (this.skipGroup("literal", "expr", "expr_2021")) {
            return true;
        }
        this.eat("-");
        const isBoolean = this.text === "true" || this.text === "false";
        return this.kind === MACRO_TOKEN.literal || isBoolean ? this.bump() : false;
    }
}
