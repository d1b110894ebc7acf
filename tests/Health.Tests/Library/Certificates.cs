using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Candor.Health.Tests.Library;

/// <summary>Certificates for tests.</summary>
internal static class Certificates
{
    /// <summary>One for localhost that nobody trusts.</summary>
    public static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
    }
}
