import Base
import Crypto
import Foundation

@testable import Access

/// Signatures that are no signatures of these bytes by this key.
extension Forgery {
  static let signatures: [Forgery] = [
    .parts("signature r = s = 0") { parts, _ in parts.signed([UInt8](repeating: 0, count: 64)) },
    .parts("signature r = 0") { parts, _ in
      parts.signed([UInt8](repeating: 0, count: 32) + parts.signatureBytes[32...])
    },
    .parts("signature s = 0") { parts, _ in
      parts.signed(parts.signatureBytes[..<32] + [UInt8](repeating: 0, count: 32))
    },
    .parts("signature r the neutral point, s = 0") { parts, _ in
      parts.signed([1] + [UInt8](repeating: 0, count: 63))
    },
    .parts("signature all ones") { parts, _ in
      parts.signed([UInt8](repeating: 255, count: 64))
    },
    .parts("signature with s + L") { parts, _ in
      parts.signed(parts.signatureBytes[..<32] + plusOrder(parts.signatureBytes[32...]))
    },
    .parts("signature with its halves changed over") { parts, _ in
      parts.signed(parts.signatureBytes[32...] + parts.signatureBytes[..<32])
    },
    .parts("signature of 63 bytes") { parts, _ in parts.signed(parts.signatureBytes.dropLast()) },
    .parts("signature of 32 bytes") { parts, _ in parts.signed(parts.signatureBytes.prefix(32)) },
    .parts("signature of 1 byte") { parts, _ in parts.signed([0]) },
    .parts("signature of 65 bytes") { parts, _ in parts.signed(parts.signatureBytes + [0]) },
    .parts("signature of 65 bytes, zero first") { parts, _ in
      parts.signed([0] + parts.signatureBytes)
    },
    .parts("signature twice") { parts, _ in
      parts.signed(parts.signatureBytes + parts.signatureBytes)
    },
    .parts("signature in DER") { parts, _ in parts.signed(der(parts.signatureBytes)) },
    .parts("signature in DER of 64 bytes") { parts, _ in
      let bytes = parts.signatureBytes
      return parts.signed([0x30, 0x3E, 2, 29] + bytes[..<29] + [2, 29] + bytes[32..<61])
    },
    .parts("signature in hexadecimal") { parts, _ in
      let hexadecimal = parts.signatureBytes.map { byte in
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
      return parts.signed(hexadecimal.joined().utf8)
    },
    .parts("signature of a stranger") { parts, _ in
      parts.signed(Smith(key: TestKeys.stranger).sign(parts.input))
    },
    .parts("signature of the ring's other key") { parts, _ in
      parts.signed(Smith(key: TestKeys.former).sign(parts.input))
    },
    .parts("signature of another token") { parts, smith in
      parts.signed(TokenParts(smith.token(claims: ["jti": "token-2"])).signatureBytes)
    },
    .parts("claims of another token") { parts, smith in
      var spoilt = parts
      spoilt.claims = TokenParts(smith.token(claims: ["sub": "cityline"])).claims
      return spoilt.token
    },
    .parts("signature of the claims alone") { parts, smith in
      parts.signed(smith.sign(parts.claims))
    },
    .parts("signature of claims that are not encoded") { parts, smith in
      parts.signed(smith.sign("\(parts.header).\(smith.claims.text)"))
    },
    .parts("signature of the texts themselves") { parts, smith in
      parts.signed(smith.sign("\(smith.header.text).\(smith.claims.text)"))
    },
    .parts("signature of nothing") { parts, smith in parts.signed(smith.sign("")) },
    .parts("signature of a digest") { parts, smith in
      let digest = Data(SHA512.hash(data: Data(parts.input.utf8)))
      return parts.signed(try! smith.key.signature(for: digest))
    },
  ]

  /// What everybody knows of the key, taken for a secret (RFC 8725, section 2.1).
  static let sharedSecrets: [Forgery] = secrets.flatMap { name, secret in
    [
      Forgery("HS256 with \(name)") { smith in
        let parts = TokenParts(smith.token(header: ["alg": "HS256"]))
        return parts.signed(code(parts.input, secret, SHA256.self))
      },
      // Its code is as long as a signature of Ed25519.
      Forgery("HS512 with \(name)") { smith in
        let parts = TokenParts(smith.token(header: ["alg": "HS512"]))
        return parts.signed(code(parts.input, secret, SHA512.self))
      },
      Forgery("HS512 called EdDSA with \(name)") { smith in
        let parts = TokenParts(smith.token())
        return parts.signed(code(parts.input, secret, SHA512.self))
      },
    ]
  }

  static let otherAlgorithms: [Forgery] = [
    Forgery("ES256 with a key of its own") { smith in
      let parts = TokenParts(smith.token(header: ["alg": "ES256"]))
      let signature = try! P256.Signing.PrivateKey().signature(for: Data(parts.input.utf8))
      return parts.signed(signature.rawRepresentation)
    },
    Forgery("ES256 in DER") { smith in
      let parts = TokenParts(smith.token(header: ["alg": "ES256"]))
      let signature = try! P256.Signing.PrivateKey().signature(for: Data(parts.input.utf8))
      return parts.signed(signature.derRepresentation)
    },
    Forgery("ES256 called EdDSA") { smith in
      let parts = TokenParts(smith.token())
      let signature = try! P256.Signing.PrivateKey().signature(for: Data(parts.input.utf8))
      return parts.signed(signature.rawRepresentation)
    },
  ]

  private static let secrets: [(name: String, bytes: Data)] = [
    ("the public key", TestKeys.current.publicKey.rawRepresentation),
    ("the public key's text", Data(TestKeys.currentX.utf8)),
    ("the public key as PEM", Data(publicKeyPEM.utf8)),
    ("the public key as DER", publicKeyDER),
    ("the public key as JWK", Data(TestKeys.jwk(of: TestKeys.current).text.utf8)),
    ("the kid", Data(TestKeys.currentID.utf8)),
    ("an empty secret", Data()),
  ]

  /// RFC 8410, section 4.
  private static let publicKeyDER =
    Data([0x30, 0x2A, 0x30, 5, 6, 3, 0x2B, 0x65, 0x70, 3, 0x21, 0])
    + TestKeys.current.publicKey.rawRepresentation

  private static let publicKeyPEM = """
    -----BEGIN PUBLIC KEY-----
    \(publicKeyDER.base64EncodedString())
    -----END PUBLIC KEY-----

    """

  private static func code<Function: HashFunction>(
    _ input: String, _ secret: Data, _ function: Function.Type
  ) -> [UInt8] {
    let key = SymmetricKey(data: secret)
    return Array(HMAC<Function>.authenticationCode(for: Data(input.utf8), using: key))
  }

  /// SEQUENCE of two INTEGER, as ECDSA signatures are written elsewhere (RFC 3279).
  private static func der(_ signature: [UInt8]) -> [UInt8] {
    let integers = [signature[..<32], signature[32...]].flatMap { half -> [UInt8] in
      let prefix: [UInt8] = half.first! < 128 ? [2, 32] : [2, 33, 0]
      return prefix + half
    }
    return [0x30, UInt8(integers.count)] + integers
  }

  /// The same number modulo the order of the group: RFC 8032, section 5.1.7, refuses it.
  private static func plusOrder(_ scalar: some Collection<UInt8>) -> [UInt8] {
    let order: [UInt8] =
      [
        0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9, 0xDE,
        0x14,
      ] + [UInt8](repeating: 0, count: 15) + [0x10]
    var carry: UInt16 = 0
    return zip(scalar, order).map { digit, addend in
      let sum = UInt16(digit) + UInt16(addend) + carry
      carry = sum >> 8
      return UInt8(truncatingIfNeeded: sum)
    }
  }
}
