/** What servlet and WebFlux applications share: problem documents, and the limit of ids in one request. */
@NullMarked
package dev.statecraft.session.http;

import org.jspecify.annotations.NullMarked;
