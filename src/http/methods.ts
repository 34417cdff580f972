/** Methods that HAProxy knows by a number, in the order of these numbers (`enum http_meth_t`, include/haproxy/http-t.h). */
export const KNOWN_METHODS: readonly string[] = ['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'CONNECT']
