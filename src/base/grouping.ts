// Lists by key.

/** Appends a value to the list of a key; makes the list at the first value. */
export function appendTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
    const list = lists.get(key);
    if (list === undefined) {
        lists.set(key, [value]);
    } else {
        list.push(value);
    }
}
