import Base
import Crypto
import Foundation

@testable import Access

/// RFC 7515, sections 2 and 7.1: one token has one text. Where the change comes before the
/// signature, the changed text is what is signed, so that only its form can be refused.
extension Forgery {
  static let partCounts: [Forgery] = [
    Forgery("nothing") { _ in "" },
    Forgery("one part") { TokenParts($0.token()).header },
    Forgery("two parts") { TokenParts($0.token()).input },
    Forgery("three parts, the signature empty") { TokenParts($0.token()).input + "." },
    Forgery("four parts") { $0.token() + ".YQ" },
    Forgery("four parts, the last empty") { $0.token() + "." },
    Forgery("four parts, the first empty") { "." + $0.token() },
    Forgery("five parts, as if encrypted") { $0.token() + ".YQ.YQ" },
    Forgery("five parts, two empty") { $0.token() + ".." },
    Forgery("two tokens") { "\($0.token()).\($0.token())" },
    Forgery("only points") { _ in ".." },
    Forgery("8,000 points") { _ in ".".repeated(8000) },
    .parts("no header") { parts, smith in smith.seal("", parts.claims) },
    .parts("no claims") { parts, smith in smith.seal(parts.header, "") },
    .parts("the claims left out of the text") { parts, _ in
      "\(parts.header)..\(parts.signature)"
    },
    .parts("a token inside, and cty") { parts, smith in
      smith.token(headerText: smith.header.changed(["cty": "JWT"]).text, claimsText: parts.token)
    },
    .parts("a token inside, without cty") { parts, smith in
      smith.token(claimsText: parts.token)
    },
    .parts("a token inside, as a string") { parts, smith in
      smith.token(claimsText: #""\#(parts.token)""#)
    },
    .parts("the JSON form of RFC 7515") { parts, _ in
      """
      {"payload":"\(parts.claims)","protected":"\(parts.header)",\
      "signature":"\(parts.signature)"}
      """
    },
    .parts("claims that are not encoded") { parts, smith in
      smith.seal(parts.header, smith.claims.text)
    },
    Forgery("over 8 kB") { smith in
      let padding = Padding.bytes(past: TokenGate.tokenBytesMax, smith)
      return smith.token(claims: ["padding": .string(padding)])
    },
    Forgery("a megabyte") { smith in
      smith.token(claims: ["padding": .string("a".repeated(1 << 20))])
    },
  ]

  static let encodings: [Forgery] = [
    .parts("header padded") { $1.seal(padded($0.header), $0.claims) },
    .parts("claims padded") { $1.seal($0.header, padded($0.claims)) },
    .parts("signature padded") { parts, _ in parts.token + "==" },
    .parts("signature padded by one") { parts, _ in parts.token + "=" },
    Forgery("header with bits left over") { smith in
      smith.seal(
        leftover(fitted(smith.header.text)), Base64URL.encode(smith.claims.text.utf8))
    },
    Forgery("claims with bits left over") { smith in
      smith.seal(
        Base64URL.encode(smith.header.text.utf8), leftover(fitted(smith.claims.text)))
    },
    .parts("signature with bits left over") { parts, _ in
      "\(parts.input).\(leftover(parts.signature))"
    },
    .parts("header with a character left over") { parts, smith in
      smith.seal(parts.header.trimmed(toMultipleOf: 4) + "A", parts.claims)
    },
    Forgery("claims in the other alphabet") { smith in
      let text = smith.claims.changed(["note": "~~~???>>>~~~???>>>"]).text
      let claims = Data(text.utf8).base64EncodedString().replacing("=", with: "")
      precondition(claims.contains("+") || claims.contains("/"), "the alphabets must differ")
      return smith.seal(Base64URL.encode(smith.header.text.utf8), claims)
    },
    Forgery("signature in the other alphabet") { smith in
      // Ed25519 is deterministic: some token of these has a signature that tells them apart.
      let tokens = (0..<100).map { smith.token(claims: ["jti": .string("token-\($0)")]) }
      let parts = tokens.map(TokenParts.init).first { $0.signature.contains("_") }!
      let signature = parts.signature.replacing("_", with: "/").replacing("-", with: "+")
      return "\(parts.input).\(signature)"
    },
    Forgery("a sign that looks like K") { $0.token().replacing("K", with: "\u{212A}") },
    .parts("a letter with an accent") { parts, _ in parts.token + "\u{301}" },
    .parts("white space before it") { parts, _ in " " + parts.token },
    .parts("white space after it") { parts, _ in parts.token + " " },
    .parts("a tab after it") { parts, _ in parts.token + "\t" },
    .parts("a line feed after it") { parts, _ in parts.token + "\n" },
    .parts("a line feed before it") { parts, _ in "\n" + parts.token },
    .parts("a carriage return and a line feed") { parts, _ in parts.token + "\r\n" },
    .parts("a NUL after it") { parts, _ in parts.token + "\u{0}" },
    .parts("a byte order mark") { parts, _ in "\u{FEFF}" + parts.token },
    .parts("a zero-width space after it") { parts, _ in parts.token + "\u{200B}" },
    .parts("a line feed after the header") { $1.seal($0.header + "\n", $0.claims) },
    .parts("a space inside the claims") { $1.seal($0.header, "\($0.claims.prefix(8)) ") },
    .parts("quotes around it") { parts, _ in "\"\(parts.token)\"" },
    .parts("the scheme before it") { parts, _ in "Bearer " + parts.token },
    .parts("another token after a comma") { parts, _ in "\(parts.token),\(parts.token)" },
    .parts("percent signs for its points") { parts, _ in
      parts.token.replacing(".", with: "%2E")
    },
  ]

  private static func padded(_ part: String) -> String {
    // One that needs no padding is padded all the same.
    part + "=".repeated(part.count % 4 == 0 ? 4 : 4 - part.count % 4)
  }

  /// JSON text with spaces at its end, so that its encoding has bits left over.
  private static func fitted(_ text: String) -> String {
    let spaces = text.utf8.count % 3 == 0 ? 1 : 0
    return Base64URL.encode((text + " ".repeated(spaces)).utf8)
  }

  /// The same bytes to a lenient reader: the last character's unused bits are no longer zero.
  private static func leftover(_ part: String) -> String {
    precondition(part.utf8.count % 4 > 1, "every bit of the last character counts")
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    let value = alphabet.firstIndex(of: part.last!)!
    return part.dropLast() + String(alphabet[value | 1])
  }
}

/// A string member that brings a token to the wanted length.
enum Padding {
  /// The shortest padding with which the token is longer than `bytesMax`.
  static func bytes(past bytesMax: Int, _ smith: Smith) -> String {
    let start = (bytesMax - smith.token().utf8.count) * 3 / 4 - 64
    let lengths = start...start + 128
    return lengths.map("a".repeated).first {
      smith.token(claims: ["padding": .string($0)]).utf8.count > bytesMax
    }!
  }
}

extension String {
  fileprivate func trimmed(toMultipleOf divisor: Int) -> String {
    String(prefix(count - count % divisor))
  }
}
