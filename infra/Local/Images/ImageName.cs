namespace Candor.Local;

/// <summary>Image references.</summary>
internal static class ImageName
{
    /// <summary>Without tag and digest: <c>registry.example:5000/candor/orders</c> for <c>registry.example:5000/candor/orders:1.2@sha256:…</c>.</summary>
    public static string Repository(string image)
    {
        var name = image.Split('@')[0];
        var tag = name.LastIndexOf(':');
        return tag > name.LastIndexOf('/') ? name[..tag] : name;
    }

    /// <summary>The last part of the repository: <c>orders</c>.</summary>
    public static string Last(string image) => Repository(image).Split('/')[^1];
}
