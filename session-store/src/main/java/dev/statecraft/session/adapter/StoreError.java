package dev.statecraft.session.adapter;

/** What an exception of an adapted repository means. */
public enum StoreError {
  /** The store does not answer or rejects all operations. The request is answered 503. */
  UNAVAILABLE,
  /** Another request deleted the session or changed the same data first. The request is answered 409. */
  CONFLICT,
  /** Stored bytes cannot be decoded. The session ends, so that its user can log in again. */
  UNREADABLE,
  /** An error of the application, such as an attribute that cannot be serialized. It is passed on. */
  OTHER
}
