/** What servlet and WebFlux applications share: problem documents, and the limit of ids in one request. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.session.http;
