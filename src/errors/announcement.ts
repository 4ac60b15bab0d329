import { DomainError } from './base.js';

/** Codes of {@link AccessListError}. */
export type AccessListErrorCode =
  | 'ACCESS_LIST_FORM'
  | 'ACCESS_LIST_RANGE'
  | 'ACCESS_LIST_ORDER'
  | 'ACCESS_LIST_TWICE'
  | 'ACCESS_LIST_NO_CHANGE'
  | 'ACCESS_LIST_TOO_LARGE';

/** Bytes that are no block access list of any batch. */
export class AccessListError extends DomainError<AccessListErrorCode> {}

/** Codes of {@link AnnouncementError}. */
export type AnnouncementErrorCode =
  | 'ANNOUNCEMENT_FORM'
  | 'ANNOUNCEMENT_VERSION'
  | 'ANNOUNCEMENT_TOO_LARGE'
  | 'ANNOUNCEMENT_OTHER_BATCH'
  | 'ANNOUNCEMENT_SIGNATURE';

/** An announcement that is not the sequencer's for this batch. */
export class AnnouncementError extends DomainError<AnnouncementErrorCode> {}

/** The code of {@link AnnouncementFileError}. */
export type AnnouncementFileErrorCode = 'ANNOUNCEMENT_UNWRITABLE';

/** Announcements that cannot be kept on disk. */
export class AnnouncementFileError extends DomainError<AnnouncementFileErrorCode> {
  /** A disk that is full now may have room later. */
  override readonly retryable = true;
}

/** The code of {@link AnnouncementSourceError}. */
export type AnnouncementSourceErrorCode = 'ANNOUNCEMENT_UNAVAILABLE';

/** A sequencer's node that does not answer when it is asked for an announcement. */
export class AnnouncementSourceError extends DomainError<AnnouncementSourceErrorCode> {
  override readonly retryable = true;
}
