; A window with a title bar and lines of "text" is dragged over a desktop, and then it stops.
%ifndef MODE
MODE equ 0x144                      ; 1024x768x32 (bochs VBE)
WIDTH equ 1024
HEIGHT equ 768
FRAMES equ 16
%endif
%include "boot.inc"

main:
    cld
    mov edi, [LFB]                  ; a desktop that fades from red to blue
    xor ebp, ebp
.desktop:
    mov eax, ebp
    shr eax, 2
    mov ah, al
    xor ah, 0xff
    shl eax, 8
    or eax, 0x30
    xchg al, ah
    mov ecx, WIDTH
    a32 rep stosd
    inc ebp
    cmp ebp, HEIGHT
    jne .desktop
.next:
    call frame
    mov eax, [place]
    mov ecx, PITCH * 5 + 8 * 4      ; 8 to the right, 5 down
    add eax, ecx
    mov [place], eax
    call window
    dec word [frames]
    jnz .next
.stop:
    cli
    hlt
    jmp .stop

; Draws the window; what it uncovers is painted in one colour.
window:
    mov edi, [LFB]
    add edi, [place]
    sub edi, PITCH * 5 + 8 * 4
    mov eax, 0x00305060
    mov ecx, 400
    mov edx, 300
    call fill
    mov edi, [LFB]
    add edi, [place]
    mov eax, 0x003584e4             ; title bar
    mov ecx, 400
    mov edx, 24
    call fill
    mov eax, 0x00fafafa             ; body
    mov edx, 276
    call fill
    mov edi, [LFB]
    add edi, [place]
    add edi, PITCH * 34 + 12 * 4
    mov dword [seed], 7             ; the same text at every place
    mov bp, 26
.row:
    push edi
    mov si, 60
.word:
    call random
    and eax, 0x00404040
    mov ecx, 4
    mov edx, 7
    push edi
    call fill
    pop edi
    call random
    and eax, 1
    lea eax, [eax + 1]
    imul eax, 12
    add edi, eax
    add edi, 8
    dec si
    jnz .word
    pop edi
    add edi, PITCH * 10
    dec bp
    jnz .row
    ret

place: dd PITCH * 20 + 100 * 4
frames: dw FRAMES

times 510 - ($ - $$) db 0
dw 0xaa55
