import AsyncHTTPClient
import Base
import Foundation
import NIOCore
import NIOPosix

/// Why a service gave no answer, in plain words.
package struct Unreachable: Error {
  package let detail: String
  /// Nobody listens there, or nothing of that name is known: another try in a moment is of no use.
  package let isCertain: Bool

  /// Nil where the request was at fault, and not the way.
  init?(_ address: String, _ error: any Error, secondsMax: Int64) {
    switch error {
    case let error as HTTPClientError where error == .connectTimeout:
      self.init(address, "no answer from there", isCertain: false)
    case let error as HTTPClientError where error == .remoteConnectionClosed:
      self.init(detail: "\(address) closed the connection before it answered; look at its log")
    case let error as HTTPClientError
    where [.deadlineExceeded, .readTimeout, .writeTimeout].contains(error):
      self.init(
        detail: "\(address) did not answer within \(secondsMax) s; look at its log, and try again")
    case let error as HTTPClientError:
      self.init(detail: "the request to \(address) failed (\(error.shortDescription))")
    case let error as NIOConnectionError:
      guard let first = error.connectionErrors.first?.error else {
        self.init(
          detail: "there is no host of the name in \(address); correct --server", isCertain: true)
        return
      }
      self.init(address, first)
    case let error as IOError: self.init(address, error)
    case is ChannelError:
      self.init(detail: "\(address) closed the connection before it answered; look at its log")
    default:
      guard address.hasPrefix("https:") else { return nil }
      self.init(
        detail: "\(address) does not speak TLS as expected; correct --server, or its certificate")
    }
  }

  private init(_ address: String, _ error: any Error) {
    guard let error = error as? IOError else {
      self.init(address, "no connection", isCertain: false)
      return
    }
    let reason = String(cString: strerror(error.errnoCode)).lowercased()
    self.init(address, reason, isCertain: error.errnoCode == ECONNREFUSED)
  }

  private init(_ address: String, _ reason: String, isCertain: Bool) {
    self.init(
      detail: "cannot reach \(address) (\(reason)); start the service, or name its address with "
        + "--server", isCertain: isCertain)
  }

  private init(detail: String, isCertain: Bool = false) {
    self.detail = detail
    self.isCertain = isCertain
  }

  var refusal: CommandRefusal { CommandRefusal(EX_UNAVAILABLE, detail) }
}
